-- Finds out for each payment whether it fits its contract and whether it is kept already.
-- Without a reference it gets one from its content and its place among equal ones.
INSERT INTO intake_judged_payments
       (row_kind, row_number, outcome, reasons, raw, contract_id, contract_number, currency,
        paid_on, amount_minor, channel, reference)
SELECT 'payments', s.row_number,
       CASE WHEN cardinality(j.reasons) > 0 THEN 'B'
            WHEN p.id IS NULL AND (s.nth = 1 OR s.reference IS NULL) THEN 'N'
            ELSE 'U' END,
       j.reasons, CASE WHEN cardinality(j.reasons) > 0 THEN s.raw END,
       c.id, s.contract_number, s.currency, s.paid_on, s.amount_minor, s.how, r.reference
  FROM (SELECT k.*, row_number() OVER same AS nth, first_value(row_number) OVER same AS kept_row
          FROM (SELECT f.*, coalesce(f.channel, 'TRANSFER') AS how,
                       coalesce(f.reference, '~' || concat_ws('|', f.paid_on, f.amount_minor,
                                f.currency, f.channel)) AS key
                  FROM intake_staged_payments f) k
        WINDOW same AS (PARTITION BY contract_number, key ORDER BY row_number)) s
  LEFT JOIN contracts_contract c ON c.lender_id = %(lender_id)s AND c.number = s.contract_number
 CROSS JOIN LATERAL (
       SELECT coalesce(s.reference, '~' || left(encode(sha256(convert_to(
                       s.key || '|' || s.nth, 'UTF8')), 'hex'), 24)) AS reference) r
  LEFT JOIN ledger_payment p
         ON p.contract_id = c.id AND p.reference = r.reference AND p.reference <> ''
 CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
       CASE WHEN c.id IS NULL THEN jsonb_build_array(
            'contract_number', 'contract_unknown',
            jsonb_build_object('value', s.contract_number), s.contract_number) END,
       CASE WHEN s.nth > 1 AND s.reference IS NOT NULL AND %(repeats)s = 'refuse'
            THEN jsonb_build_array(
            'reference', 'duplicate_in_file',
            jsonb_build_object('first_row', s.kept_row), s.reference) END,
       CASE WHEN s.amount_minor = 0 THEN jsonb_build_array(
            'amount', 'amount_is_zero', '{}'::jsonb, '0') END,
       CASE WHEN s.currency <> c.currency THEN jsonb_build_array(
            'currency', 'currency_differs',
            jsonb_build_object('expected', c.currency, 'found', s.currency), s.currency) END,
       CASE WHEN s.paid_on < c.signed_on THEN jsonb_build_array(
            'paid_on', 'payment_before_signing',
            jsonb_build_object('signed_on', c.signed_on), s.paid_on::text) END,
       CASE WHEN s.paid_on > %(today)s THEN jsonb_build_array(
            'paid_on', 'payment_in_future', '{}'::jsonb, s.paid_on::text) END,
       CASE WHEN p.id IS NOT NULL AND (p.value_on, p.amount_minor, p.currency)
                 <> (s.paid_on, s.amount_minor, s.currency) THEN jsonb_build_array(
            'reference', 'payment_differs', jsonb_build_object(
            'kept_minor', p.amount_minor, 'currency', p.currency, 'kept_on', p.value_on),
            s.reference) END
       ], NULL) AS reasons) j;
