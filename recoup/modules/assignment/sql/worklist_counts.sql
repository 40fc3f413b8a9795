-- How many cases of a collector's worklist each filter would show.
SELECT coalesce(c.bucket, 0) AS bucket, count(*) AS cases, count(i.done_at) AS worked,
       count(*) FILTER (WHERE 'PROMISE_DUE' = ANY(i.reasons)) AS due,
       count(*) FILTER (WHERE 'PROMISE_BROKEN' = ANY(i.reasons)) AS broken
  FROM assignment_worklistitem i
  JOIN cases_case c ON c.id = i.case_id
 WHERE i.as_of = %(as_of)s
   AND i.collector_id = %(collector_id)s
 GROUP BY c.bucket
 ORDER BY c.bucket;
