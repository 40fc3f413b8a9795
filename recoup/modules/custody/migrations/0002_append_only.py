"""Movements are evidence: nobody changes or removes one, and no thing leaves the register."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION custody_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is: enter a new movement instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER custody_movement_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_movement
    FOR EACH STATEMENT EXECUTE FUNCTION custody_refuse_change();
CREATE TRIGGER custody_item_stays
    BEFORE DELETE OR TRUNCATE ON custody_item
    FOR EACH STATEMENT EXECUTE FUNCTION custody_refuse_change();
"""
UNGUARD = """
DROP TRIGGER custody_item_stays ON custody_item;
DROP TRIGGER custody_movement_is_append_only ON custody_movement;
DROP FUNCTION custody_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNGUARD)]
