-- What the strategy decided on each night until the day, by which rule of which version.
SELECT d.as_of, v.code AS version, v.title AS version_title, d.rule_position, r.dpd_from, r.dpd_to,
       r.overdue_from_minor, r.broken_promises_from, r.weight, d.segment, d.treatment, d.priority,
       d.reasons
  FROM cases_case k
  JOIN strategy_decision d ON d.case_id = k.id
  LEFT JOIN strategy_version v ON v.id = d.version_id
  LEFT JOIN strategy_rule r ON r.version_id = d.version_id AND r.position = d.rule_position
 WHERE k.contract_id = %(contract_id)s AND d.as_of <= %(as_of)s
 ORDER BY d.as_of DESC LIMIT 366
