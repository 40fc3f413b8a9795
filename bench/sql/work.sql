-- What collectors did: a call on every second case, a promise on every tenth, still open.
INSERT INTO comms_call
       (contract_id, case_id, party_id, contact_point_id, at, business_on, actor_id, result,
        answered, right_party, identity_checked, note, next_step, next_step_on, form_key)
SELECT c.contract_id, c.id, c.contract_id, 2 * c.contract_id - 1,
       %(yesterday)s::timestamptz + interval '3 hours', %(yesterday)s::date, c.collector_id,
       'NO_ANSWER', false, false, false, '', 'CALL', %(yesterday)s::date + 1, gen_random_uuid()
  FROM cases_case c
 WHERE c.id %% 2 = 0;

INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
SELECT l.contract_id, l.case_id, l.at, l.business_on, l.actor_id, 'CALL_LOGGED',
       jsonb_build_object(
           'call_id', l.id, 'party_id', l.party_id, 'role', 'BORROWER', 'holder', 'SELF',
           'kind', 'MOBILE', 'result', l.result, 'inbound', false, 'identity_checked', false,
           'note', '', 'next_step', l.next_step, 'next_step_on', l.next_step_on)
  FROM comms_call l
 ORDER BY l.id;

INSERT INTO plans_promise
       (contract_id, case_id, amount_minor, currency, taken_on, due_on, taken_at, taken_by)
SELECT s.contract_id, c.id, s.principal_minor + s.interest_minor, 'CNY', %(yesterday)s::date - 4,
       %(yesterday)s::date + (c.id / 10 %% 5)::int, %(yesterday)s::timestamptz - interval '4 days',
       c.collector_id
  FROM cases_case c
  JOIN arrears_snapshot s ON s.contract_id = c.contract_id AND s.as_of = %(yesterday)s::date
 WHERE c.id %% 10 = 3;

INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
SELECT p.contract_id, p.case_id, p.taken_at, p.taken_on, p.taken_by, 'PROMISE_TAKEN',
       jsonb_build_object('promise_id', p.id, 'amount_minor', p.amount_minor,
                          'currency', p.currency, 'due_on', p.due_on, 'replaced', false)
  FROM plans_promise p;

INSERT INTO foundation_jobrun (name, business_day, started_at, finished_at, attempts)
VALUES ('night', %(yesterday)s::date, %(at)s, %(at)s, 1);
