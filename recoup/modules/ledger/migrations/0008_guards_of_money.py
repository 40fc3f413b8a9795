"""What the database promises about receipts: numbered without a gap, in the account's currency."""

from django.db import migrations

# The counter's row is locked until the transaction ends and rolled back with it: no gap, no double.
NUMBERS = """
CREATE FUNCTION ledger_number_cash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.cash_year := NULL;
    NEW.cash_number := NULL;
    IF NEW.channel = 'CASH' THEN
        NEW.cash_year := extract(year FROM NEW.value_on);
        INSERT INTO ledger_cashnumber AS n (lender_id, year, last)
        VALUES (NEW.lender_id, NEW.cash_year, 1)
            ON CONFLICT (lender_id, year) DO UPDATE SET last = n.last + 1
        RETURNING n.last INTO NEW.cash_number;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION ledger_number_cash() FROM PUBLIC;
CREATE TRIGGER ledger_cash_is_numbered
    BEFORE INSERT ON ledger_receipt
    FOR EACH ROW EXECUTE FUNCTION ledger_number_cash();
"""
UNNUMBERED = """
DROP TRIGGER ledger_cash_is_numbered ON ledger_receipt;
DROP FUNCTION ledger_number_cash();
"""

CURRENCY = """
CREATE FUNCTION ledger_refuse_other_currency() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added p JOIN ledger_account a ON a.contract_id = p.contract_id
                WHERE a.currency <> p.currency) THEN
        RAISE EXCEPTION 'a payment is in the currency of its account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_in_the_accounts_currency';
    END IF;
    IF EXISTS (SELECT FROM added p JOIN ledger_receipt r ON r.id = p.receipt_id
                 JOIN ledger_account a ON a.contract_id = p.contract_id
                WHERE a.lender_id <> r.lender_id OR r.currency <> p.currency) THEN
        RAISE EXCEPTION 'a receipt is placed with its own lender, in its own currency'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_stays_with_its_lender';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_payment_is_in_the_accounts_currency
    AFTER INSERT ON ledger_payment REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_other_currency();
"""
ANY_CURRENCY = """
DROP TRIGGER ledger_payment_is_in_the_accounts_currency ON ledger_payment;
DROP FUNCTION ledger_refuse_other_currency();
"""

# Who posted a payment takes it back only with an approval, as when it is moved elsewhere.
SEPARATE = """
CREATE OR REPLACE FUNCTION ledger_refuse_own_reversal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN ledger_payment p ON p.id = a.payment_id
                WHERE a.recorded_by = p.recorded_by AND a.request_id IS NULL) THEN
        RAISE EXCEPTION 'a payment is not reversed by who posted it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reversal_is_by_another_person';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_double_entry")]
    operations = [
        migrations.RunSQL(NUMBERS, UNNUMBERED),
        migrations.RunSQL(CURRENCY, ANY_CURRENCY),
        migrations.RunSQL(SEPARATE, migrations.RunSQL.noop),
    ]
