-- Events are taken from what the product writes anyway, by triggers on statements: in the same
-- transaction, for whole sets at once, and so that nothing that writes can forget to tell. What is
-- told is named here, field by field: codes, ids, amounts and days, never a name, number or note.
-- Where no lender listens each costs one look at an empty table.

CREATE FUNCTION webhooks_anybody_listens() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
RETURN EXISTS (SELECT FROM public.webhooks_subscription WHERE state IN ('ACTIVE', 'PAUSED', 'FAILING'));

CREATE FUNCTION webhooks_listened() RETURNS TABLE (lender_id bigint, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT DISTINCT s.lender_id, k.kind::text
      FROM public.webhooks_subscription s CROSS JOIN unnest(s.kinds) AS k(kind)
     WHERE s.state IN ('ACTIVE', 'PAUSED', 'FAILING');
END;

CREATE FUNCTION webhooks_tell_timeline() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT webhooks_anybody_listens() THEN
        RETURN NULL;
    END IF;
    INSERT INTO webhooks_event (lender_id, kind, at, business_on, contract_id, case_id, source_id, data)
    SELECT c.lender_id, l.kind, t.at, t.business_on, t.contract_id, t.case_id, t.id,
           jsonb_strip_nulls(jsonb_build_object(
               'bucket', t.facts -> 'bucket', 'from_bucket', t.facts -> 'from_bucket',
               'to_bucket', t.facts -> 'to_bucket', 'days_past_due', t.facts -> 'dpd',
               'days_in_collections', t.facts -> 'days_in_collections',
               'overdue_minor', t.facts -> 'overdue_minor', 'amount_minor', t.facts -> 'amount_minor',
               'paid_minor', t.facts -> 'paid_minor', 'due_on', t.facts -> 'due_on',
               'promise_id', t.facts -> 'promise_id', 'agency_id', t.facts -> 'agency_id'))
      FROM new_rows t
      JOIN cases_case c ON c.id = t.case_id
      JOIN webhooks_listened() l
        ON l.lender_id = c.lender_id
       AND l.kind = CASE t.kind
                        WHEN 'CASE_OPENED' THEN 'case.opened'
                        WHEN 'BUCKET_MOVED' THEN 'case.moved'
                        WHEN 'CASE_CURED' THEN 'case.cured'
                        WHEN 'CASE_CLOSED' THEN 'case.closed'
                        WHEN 'PROMISE_TAKEN' THEN 'promise.taken'
                        WHEN 'PROMISE_KEPT' THEN 'promise.kept'
                        WHEN 'PROMISE_PARTLY_KEPT' THEN 'promise.partly_kept'
                        WHEN 'PROMISE_BROKEN' THEN 'promise.broken'
                        WHEN 'CASE_ASSIGNED' THEN
                            CASE jsonb_typeof(t.facts -> 'agency_id')
                                WHEN 'number' THEN 'case.placed'
                                WHEN 'null' THEN 'case.taken_back' END
                    END
     ORDER BY t.id
        ON CONFLICT (kind, source_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_tell AFTER INSERT ON cases_timelineentry
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION webhooks_tell_timeline();

-- A payment is told when it is posted, once: deriving its account anew posts nothing again.
CREATE FUNCTION webhooks_tell_payments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT webhooks_anybody_listens() THEN
        RETURN NULL;
    END IF;
    INSERT INTO webhooks_event (lender_id, kind, at, contract_id, source_id, data)
    SELECT a.lender_id, l.kind, n.posted_at, n.contract_id, n.id,
           jsonb_build_object('payment_id', n.id, 'amount_minor', n.amount_minor,
                              'currency', n.currency, 'value_on', n.value_on, 'channel', n.channel)
      FROM new_rows n
      JOIN old_rows o ON o.id = n.id AND o.posted_at IS NULL
      JOIN ledger_account a ON a.contract_id = n.contract_id
      JOIN webhooks_listened() l ON l.lender_id = a.lender_id AND l.kind = 'payment.posted'
     WHERE n.posted_at IS NOT NULL
     ORDER BY n.id
        ON CONFLICT (kind, source_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_tell AFTER UPDATE ON ledger_payment
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION webhooks_tell_payments();

CREATE FUNCTION webhooks_tell_reversals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT webhooks_anybody_listens() THEN
        RETURN NULL;
    END IF;
    INSERT INTO webhooks_event (lender_id, kind, at, contract_id, source_id, data)
    SELECT a.lender_id, l.kind, n.posted_at, n.contract_id, n.payment_id,
           jsonb_build_object('payment_id', n.payment_id, 'amount_minor', p.amount_minor,
                              'currency', p.currency, 'reversed_on', n.reversed_on)
      FROM new_rows n
      JOIN old_rows o ON o.payment_id = n.payment_id AND o.posted_at IS NULL
      JOIN ledger_payment p ON p.id = n.payment_id
      JOIN ledger_account a ON a.contract_id = n.contract_id
      JOIN webhooks_listened() l ON l.lender_id = a.lender_id AND l.kind = 'payment.reversed'
     WHERE n.posted_at IS NOT NULL
     ORDER BY n.payment_id
        ON CONFLICT (kind, source_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_tell AFTER UPDATE ON ledger_reversal
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION webhooks_tell_reversals();

-- Each event for each of its lender's subscriptions that asked for its kind.
CREATE FUNCTION webhooks_fan_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO webhooks_delivery (event_id, subscription_id, lender_id)
    SELECT e.id, s.id, e.lender_id
      FROM new_rows e
      JOIN webhooks_subscription s
        ON s.lender_id = e.lender_id AND e.kind = ANY (s.kinds)
       AND s.state IN ('ACTIVE', 'PAUSED', 'FAILING')
     ORDER BY e.id;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_fan_out AFTER INSERT ON webhooks_event
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION webhooks_fan_out();

REVOKE ALL ON FUNCTION webhooks_anybody_listens(), webhooks_listened(), webhooks_tell_timeline(),
    webhooks_tell_payments(), webhooks_tell_reversals(), webhooks_fan_out() FROM PUBLIC;

-- What is sent to an address is that address's lender's, whoever writes here.
ALTER TABLE webhooks_delivery
    ADD CONSTRAINT delivery_event_is_the_lenders FOREIGN KEY (event_id, lender_id)
        REFERENCES webhooks_event (id, lender_id) ON DELETE CASCADE,
    ADD CONSTRAINT delivery_subscription_is_the_lenders FOREIGN KEY (subscription_id, lender_id)
        REFERENCES webhooks_subscription (id, lender_id) ON DELETE CASCADE;
ALTER TABLE webhooks_secret
    ADD CONSTRAINT secret_is_the_lenders FOREIGN KEY (subscription_id, lender_id)
        REFERENCES webhooks_subscription (id, lender_id) ON DELETE CASCADE;
