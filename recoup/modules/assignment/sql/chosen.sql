-- Live cases of a filter, or those named: what a list shows and what is placed from it is the same.
SELECT i.*
          FROM cases_case i
         WHERE i.closed_on IS NULL
           AND (%(case_ids)s::bigint[] IS NULL OR i.id = ANY (%(case_ids)s::bigint[]))
           AND (%(collector_id)s::bigint IS NULL OR i.collector_id = %(collector_id)s::bigint)
           AND (%(team_id)s::bigint IS NULL
                OR i.collector_id IN (SELECT id FROM workforce_user
                                       WHERE team_id = %(team_id)s::bigint))
           AND (%(bucket)s::int IS NULL OR i.bucket = %(bucket)s::int)
           AND (%(agency_id)s::bigint IS NULL OR i.agency_id = %(agency_id)s::bigint
                OR (%(agency_id)s::bigint = 0 AND i.agency_id IS NULL))
