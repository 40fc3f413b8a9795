-- Extensions agreed after the day: the schedule is shown with the days they moved.
SELECT min(x.received_at) AS at FROM ledger_extension x
 WHERE x.contract_id = %(contract_id)s AND x.received_at >= %(known_by)s
