-- Age: days past due, overdue amount and a rough penalty of every contract with an open past due.
CREATE TEMP TABLE late ON COMMIT DROP AS
SELECT contract_id, %(as_of)s::date - min(due_on) AS dpd,
       sum(amount - paid)::bigint AS overdue,
       (sum((amount - paid) * (%(as_of)s::date - due_on)) / 2000)::bigint AS penalty
  FROM floor.due
 WHERE paid < amount
   AND due_on < %(as_of)s::date
 GROUP BY contract_id;

ANALYZE late;

UPDATE floor.contract c
   SET dpd = l.dpd, bucket = least((l.dpd + 29) / 30, 7), overdue = l.overdue, penalty = l.penalty
  FROM late l
 WHERE l.contract_id = c.id;

UPDATE floor.contract c
   SET dpd = 0, bucket = 0, overdue = 0, penalty = 0
  FROM (SELECT id FROM floor.contract WHERE bucket > 0
        EXCEPT
        SELECT contract_id FROM late) cured
 WHERE cured.id = c.id;

INSERT INTO floor.position
SELECT %(as_of)s::date, contract_id, dpd, least((dpd + 29) / 30, 7), overdue, penalty FROM late;
