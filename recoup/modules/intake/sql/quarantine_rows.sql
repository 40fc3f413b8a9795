-- Keeps every refused row with its reasons: those found while reading and those found by judging.
-- Cells and rows come sealed; what judging says of them (numbers of contracts, days) is no secret.
INSERT INTO intake_quarantinedrow
       (batch_id, kind, row_number, "column", value, code, params, is_personal, cell_sealed,
        raw_sealed)
SELECT %(batch_id)s, row_kind, row_number, column_name, '', code, '{}', is_personal, cell_sealed,
       raw
  FROM intake_staged_faults
 UNION ALL
SELECT %(batch_id)s, g.row_kind, g.row_number,
       left(coalesce(%(names)s::jsonb -> g.row_kind ->> (reason ->> 0), reason ->> 0), 64),
       left(reason ->> 3, 200), reason ->> 1, reason -> 2, false, NULL, g.raw
  FROM intake_judged g, unnest(g.reasons) AS reason
 WHERE g.outcome = 'B';
