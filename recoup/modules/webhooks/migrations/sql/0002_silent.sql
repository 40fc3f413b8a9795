-- Nothing is told any more.
ALTER TABLE webhooks_secret DROP CONSTRAINT secret_is_the_lenders;
ALTER TABLE webhooks_delivery DROP CONSTRAINT delivery_event_is_the_lenders,
    DROP CONSTRAINT delivery_subscription_is_the_lenders;
DROP TRIGGER webhooks_fan_out ON webhooks_event;
DROP TRIGGER webhooks_tell ON cases_timelineentry;
DROP TRIGGER webhooks_tell ON ledger_payment;
DROP TRIGGER webhooks_tell ON ledger_reversal;
DROP FUNCTION webhooks_fan_out();
DROP FUNCTION webhooks_tell_reversals();
DROP FUNCTION webhooks_tell_payments();
DROP FUNCTION webhooks_tell_timeline();
DROP FUNCTION webhooks_listened();
DROP FUNCTION webhooks_anybody_listens();
