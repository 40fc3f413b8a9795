-- Keeps every refused row with its reasons: those found while reading and those found by judging.
INSERT INTO intake_quarantinedrow
       (batch_id, kind, row_number, "column", value, code, params, raw)
SELECT %(batch_id)s, row_kind, row_number, column_name, value, code, params, raw
  FROM intake_staged_faults
 UNION ALL
SELECT %(batch_id)s, g.row_kind, g.row_number,
       left(coalesce(%(names)s::jsonb -> g.row_kind ->> (reason ->> 0), reason ->> 0), 64),
       left(reason ->> 3, 200), reason ->> 1, reason -> 2, coalesce(g.raw, '[]')::jsonb
  FROM intake_judged g, unnest(g.reasons) AS reason
 WHERE g.outcome = 'B';
