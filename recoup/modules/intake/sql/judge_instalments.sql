-- Finds out for each instalment whether it fits its contract; a schedule goes in whole or not at all.
INSERT INTO intake_judged_instalments
       (row_kind, row_number, outcome, reasons, raw, contract_id, contract_number, seq, currency,
        due_on, principal_minor, interest_minor, cost_minor, principal_paid_minor,
        interest_paid_minor, cost_paid_minor)
SELECT 'instalments', row_number, CASE WHEN cardinality(all_reasons) > 0 THEN 'B' ELSE outcome END,
       all_reasons, CASE WHEN cardinality(all_reasons) > 0 THEN raw END,
       contract_id, contract_number, seq, currency, due_on, principal_minor, interest_minor,
       cost_minor, principal_paid, interest_paid, cost_paid
  FROM (
SELECT q.*,
       CASE WHEN cardinality(q.reasons) = 0
                 AND min(q.row_number) FILTER (WHERE cardinality(q.reasons) > 0 AND q.nth = 1)
                     OVER (PARTITION BY q.contract_number) IS NOT NULL
            THEN ARRAY[jsonb_build_array('seq', 'schedule_refused_with_row', jsonb_build_object(
                 'other_row', min(q.row_number) FILTER (WHERE cardinality(q.reasons) > 0
                     AND q.nth = 1) OVER (PARTITION BY q.contract_number)), q.seq::text)]
            ELSE q.reasons END AS all_reasons
  FROM (
SELECT s.row_number, s.raw, s.nth, c.id AS contract_id, s.contract_number, s.seq, s.currency,
       s.due_on, s.principal_minor, s.interest_minor, t.*,
       CASE WHEN s.nth > 1 THEN 'U' WHEN d.seq IS NULL THEN 'N'
            WHEN x.schedule_differs OR x.paid_differs THEN 'C' ELSE 'U' END AS outcome,
       array_remove(ARRAY[
       CASE WHEN c.id IS NULL THEN jsonb_build_array(
            'contract_number', 'contract_unknown',
            jsonb_build_object('value', s.contract_number), s.contract_number) END,
       CASE WHEN s.nth > 1 AND %(repeats)s = 'refuse' THEN jsonb_build_array(
            'seq', 'duplicate_in_file',
            jsonb_build_object('first_row', s.kept_row), s.seq::text) END,
       CASE WHEN s.currency <> c.currency THEN jsonb_build_array(
            'currency', 'currency_differs',
            jsonb_build_object('expected', c.currency, 'found', s.currency), s.currency) END,
       CASE WHEN s.due_on < c.signed_on THEN jsonb_build_array(
            'due_on', 'due_before_signing',
            jsonb_build_object('signed_on', c.signed_on), s.due_on::text) END,
       CASE WHEN s.nth = 1 AND s.due_before > s.due_on THEN jsonb_build_array(
            'due_on', 'due_dates_do_not_ascend',
            jsonb_build_object('other_seq', s.seq_before), s.due_on::text) END,
       CASE WHEN t.principal_paid > s.principal_minor THEN jsonb_build_array(
            'principal_paid', 'paid_more_than_due', jsonb_build_object(
            'paid_minor', t.principal_paid, 'due_minor', s.principal_minor,
            'currency', s.currency), '') END,
       CASE WHEN t.interest_paid > s.interest_minor THEN jsonb_build_array(
            'interest_paid', 'paid_more_than_due', jsonb_build_object(
            'paid_minor', t.interest_paid, 'due_minor', s.interest_minor,
            'currency', s.currency), '') END,
       CASE WHEN t.cost_paid > t.cost_minor THEN jsonb_build_array(
            'cost_paid', 'paid_more_than_due', jsonb_build_object(
            'paid_minor', t.cost_paid, 'due_minor', t.cost_minor, 'currency', s.currency), '') END,
       CASE WHEN s.nth = 1 AND CASE WHEN %(partial_schedule)s
                     THEN s.in_file + coalesce(kept.total, 0) - s.replaced > c.principal_minor
                     ELSE s.in_file + coalesce(kept.total, 0) - s.replaced <> c.principal_minor END
            THEN jsonb_build_array(
            'principal', 'principal_sum_differs', jsonb_build_object(
            'found_minor', s.in_file + coalesce(kept.total, 0) - s.replaced,
            'expected_minor', c.principal_minor, 'currency', c.currency), '') END,
       CASE WHEN x.schedule_differs AND x.posted THEN jsonb_build_array(
            'seq', 'schedule_fixed_by_postings', '{}'::jsonb, s.seq::text) END
       ], NULL) AS reasons
  FROM (SELECT n.*,
               sum(n.principal_minor) FILTER (WHERE n.nth = 1) OVER whole AS in_file,
               coalesce(sum(n.kept_principal) FILTER (WHERE n.nth = 1) OVER whole, 0) AS replaced,
               lag(n.due_on) OVER along AS due_before, lag(n.seq) OVER along AS seq_before
          FROM (SELECT f.*, d.principal_minor AS kept_principal,
                       row_number() OVER same AS nth,
                       first_value(f.row_number) OVER same AS kept_row
                  FROM intake_staged_instalments f
                  LEFT JOIN contracts_contract c
                         ON c.lender_id = %(lender_id)s AND c.number = f.contract_number
                  LEFT JOIN ledger_due d ON d.contract_id = c.id AND d.seq = f.seq
                WINDOW same AS (PARTITION BY f.contract_number, f.seq ORDER BY f.row_number)) n
        WINDOW whole AS (PARTITION BY n.contract_number),
               along AS (PARTITION BY n.contract_number ORDER BY n.seq, n.row_number)) s
  LEFT JOIN contracts_contract c ON c.lender_id = %(lender_id)s AND c.number = s.contract_number
  LEFT JOIN ledger_due d ON d.contract_id = c.id AND d.seq = s.seq
  LEFT JOIN (SELECT e.contract_id, sum(e.principal_minor) AS total
               FROM ledger_due e
              WHERE e.contract_id IN (
                    SELECT o.id FROM contracts_contract o
                      JOIN intake_staged_instalments i ON i.contract_number = o.number
                     WHERE o.lender_id = %(lender_id)s)
              GROUP BY e.contract_id) kept ON kept.contract_id = c.id
 CROSS JOIN LATERAL (
       SELECT coalesce(s.cost_minor, d.cost_minor, 0) AS cost_minor,
              coalesce(s.principal_paid_minor, d.principal_paid_minor, 0) AS principal_paid,
              coalesce(s.interest_paid_minor, d.interest_paid_minor, 0) AS interest_paid,
              coalesce(s.cost_paid_minor, d.cost_paid_minor, 0) AS cost_paid) t
 CROSS JOIN LATERAL (
       SELECT d.seq IS NOT NULL AND EXISTS (
              SELECT FROM ledger_entry e WHERE e.contract_id = c.id) AS posted,
              (s.due_on, s.principal_minor, s.interest_minor, t.cost_minor)
              <> (d.due_on, d.principal_minor, d.interest_minor, d.cost_minor) AS schedule_differs) y
 CROSS JOIN LATERAL (
       SELECT y.posted, y.schedule_differs, NOT y.posted AND
              (t.principal_paid, t.interest_paid, t.cost_paid)
              <> (d.principal_paid_minor, d.interest_paid_minor, d.cost_paid_minor)
              AS paid_differs) x
       ) q
       ) r;
