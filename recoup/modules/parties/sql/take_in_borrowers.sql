-- Makes the borrowers which a file of contracts names and nobody knows yet.
INSERT INTO parties_party (lender_id, ref, kind, name_sealed, name_masked, name_index)
SELECT DISTINCT ON (borrower_ref) %(lender_id)s, borrower_ref, 'PERSON', borrower_name_sealed,
       borrower_name_masked, borrower_name_index
  FROM intake_judged_contracts
 WHERE outcome IN ('N', 'C') AND borrower_name_index IS NOT NULL
 ORDER BY borrower_ref, row_number
    ON CONFLICT (lender_id, ref) DO NOTHING;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('parties_party');
