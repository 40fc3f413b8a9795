"""Who posts a payment does not reverse the same: kept by the database too."""

from django.db import migrations

SEPARATE = """
CREATE FUNCTION ledger_refuse_own_reversal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN ledger_payment p ON p.id = a.payment_id
                WHERE a.recorded_by = p.recorded_by) THEN
        RAISE EXCEPTION 'a payment is not reversed by who posted it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reversal_is_by_another_person';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_reversal_is_by_another_person
    AFTER INSERT ON ledger_reversal REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_own_reversal();
"""
JOIN = """
DROP TRIGGER ledger_reversal_is_by_another_person ON ledger_reversal;
DROP FUNCTION ledger_refuse_own_reversal();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_extension")]
    operations = [migrations.RunSQL(SEPARATE, JOIN)]
