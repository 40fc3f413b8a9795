-- What the schedules say is to be forgotten by a day, of some lenders, and whether a hold forbids it.
SELECT r.kind, r.subject_id, r.lender_id, r.ended_on,
       (r.ended_on + make_interval(months => s.months))::date AS due_on,
       access_is_held(r.kind, r.subject_id, r.lender_id, %(as_of)s) AS is_held
  FROM access_retained() r
  JOIN LATERAL (SELECT x.months
                  FROM privacy_retentionrule x
                 WHERE x.kind = r.kind AND (x.lender_id IS NULL OR x.lender_id = r.lender_id)
                 ORDER BY x.lender_id NULLS LAST
                 LIMIT 1) s ON true
 WHERE r.lender_id = ANY(%(lender_ids)s::bigint[])
   AND r.ended_on + make_interval(months => s.months) <= %(as_of)s
