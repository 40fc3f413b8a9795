-- Rank: a worklist for each of 300 collectors, the heaviest case first.
INSERT INTO floor.place (as_of, collector, rank, case_id)
SELECT %(as_of)s::date, collector,
       row_number() OVER (PARTITION BY collector ORDER BY weight DESC), id
  FROM (SELECT k.id, k.contract_id %% 300 AS collector, l.overdue * l.dpd AS weight
          FROM floor.kase k
          JOIN late l USING (contract_id)
         WHERE k.closed_on IS NULL) open;
