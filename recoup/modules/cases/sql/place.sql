-- Give live cases to an agency, or back where it is null; another lender's and restricted ones do not
-- move, nor do held ones go out. They have no collector then. Safe to run twice: who is there stays.
WITH moving AS (
    SELECT id FROM cases_case
     WHERE id = ANY (%(case_ids)s::bigint[])
       AND closed_on IS NULL
       AND NOT is_locked
       AND agency_id IS DISTINCT FROM %(agency_id)s::bigint
       AND (%(agency_id)s::bigint IS NULL OR state = 'OPEN')
       AND (%(lender_ids)s::bigint[] IS NULL OR lender_id = ANY (%(lender_ids)s::bigint[]))
     ORDER BY id
       FOR UPDATE
)
UPDATE cases_case c
   SET agency_id = %(agency_id)s::bigint, collector_id = NULL, assigned_on = NULL
  FROM moving m
 WHERE c.id = m.id
RETURNING c.id, c.contract_id;
