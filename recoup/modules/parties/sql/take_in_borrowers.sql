-- Makes the borrowers which a file of contracts names and nobody knows yet.
INSERT INTO parties_party (lender_id, ref, kind, name)
SELECT DISTINCT ON (borrower_ref) %(lender_id)s, borrower_ref, 'PERSON', borrower_name
  FROM intake_judged_contracts
 WHERE outcome IN ('N', 'C') AND borrower_name IS NOT NULL
 ORDER BY borrower_ref, row_number
    ON CONFLICT (lender_id, ref) DO NOTHING;

-- The planner must know of the new rows, or it joins what follows in nested loops.
ANALYZE parties_party;
