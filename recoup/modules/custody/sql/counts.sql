-- How many things there are, are out, are due back on the day, and are late.
SELECT count(*)                                                          AS kept,
       count(*) FILTER (WHERE state = 'OUT')                             AS out,
       count(*) FILTER (WHERE state = 'OUT' AND due_on = %(as_of)s)      AS due,
       count(*) FILTER (WHERE state = 'OUT' AND due_on < %(as_of)s)      AS overdue
  FROM custody_item
 WHERE state <> 'GONE';
