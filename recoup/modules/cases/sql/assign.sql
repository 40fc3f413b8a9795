-- Give live cases without a collector to those with the fewest cases (first assignment, I2).
-- Seats are counted upwards from each collector's load, so that loads level out; cases are dealt
-- from the deepest bucket down, so that everyone gets a like mix. Placed cases stay where they are.
WITH collectors AS (
    SELECT u.id, count(c.id) AS load
      FROM workforce_user u
      LEFT JOIN cases_case c ON c.collector_id = u.id AND c.closed_on IS NULL
     WHERE u.takes_cases AND u.is_active
     GROUP BY u.id),
homeless AS (
    SELECT c.id, row_number() OVER (ORDER BY c.bucket DESC, c.contract_id) AS place
      FROM cases_case c
     WHERE c.closed_on IS NULL
       AND NOT c.is_locked
       AND c.agency_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM collectors k WHERE k.id = c.collector_id)),
seats AS (
    SELECT k.id, row_number() OVER (ORDER BY k.load + n, k.id) AS place
      FROM collectors k
     CROSS JOIN LATERAL generate_series(
           1, (SELECT max(load) FROM collectors) - k.load
              + (SELECT count(*) FROM homeless) / (SELECT count(*) FROM collectors) + 1) n),
assigned AS (
    UPDATE cases_case c
       SET collector_id = s.id, assigned_on = %(as_of)s::date
      FROM homeless h
      JOIN seats s USING (place)
     WHERE c.id = h.id
    RETURNING c.id, c.contract_id, c.collector_id)
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, kind, facts)
SELECT contract_id, id, %(at)s, %(as_of)s::date, 'CASE_ASSIGNED',
       jsonb_build_object('collector_id', collector_id)
  FROM assigned;
