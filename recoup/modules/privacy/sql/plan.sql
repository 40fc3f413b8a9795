-- Writes the items of a planned deletion: everything due by its day; what a hold keeps says so.
INSERT INTO privacy_erasureitem (run_id, kind, subject_id, lender_id, ended_on, due_on, state)
SELECT %(run_id)s, d.kind, d.subject_id, d.lender_id, d.ended_on, d.due_on,
       CASE WHEN d.is_held THEN 'HELD' ELSE 'PLANNED' END
  FROM ({due}) d
 ORDER BY d.kind, d.due_on, d.subject_id
    ON CONFLICT (run_id, kind, subject_id) DO NOTHING;
