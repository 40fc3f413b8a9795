"""The timeline is evidence: nobody changes or removes an entry."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'cases_timelineentry is append-only: write a new entry instead'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER cases_timeline_is_append_only
    BEFORE UPDATE OR DELETE ON cases_timelineentry
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER cases_timeline_is_not_emptied
    BEFORE TRUNCATE ON cases_timelineentry
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
ALTER TABLE cases_case SET (fillfactor = 80);
"""
UNGUARD = """
DROP TRIGGER cases_timeline_is_append_only ON cases_timelineentry;
DROP TRIGGER cases_timeline_is_not_emptied ON cases_timelineentry;
DROP FUNCTION cases_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNGUARD)]
