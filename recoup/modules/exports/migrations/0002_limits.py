"""What each role may take out of the house; an export is history, and a download too."""

from django.db import migrations

# (role, unmasked, rows a day alone, rows with a second person's approval). A role that is not here
# takes nothing out. Names and numbers in full always need a second person.
LIMITS = (
    ("LEADER", False, 500, 20_000),
    ("LEADER", True, 0, 500),
    ("FINANCE", False, 2_000, 200_000),
)

# What was asked stays as it was asked; whoever decided is not changed afterwards; nothing goes.
GUARDS = """
CREATE FUNCTION exports_keep_export() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.lender_id, NEW.list_code, NEW.is_unmasked, NEW.wanted, NEW.asked_by,
           NEW.asked_name, NEW.asked_number, NEW.asked_at, NEW.purpose, NEW.reason, NEW.secret)
          IS DISTINCT FROM
          (OLD.id, OLD.lender_id, OLD.list_code, OLD.is_unmasked, OLD.wanted, OLD.asked_by,
           OLD.asked_name, OLD.asked_number, OLD.asked_at, OLD.purpose, OLD.reason, OLD.secret)
       OR (OLD.decided_by IS NOT NULL
           AND (NEW.decided_by, NEW.decided_at, NEW.decision_reason)
               IS DISTINCT FROM (OLD.decided_by, OLD.decided_at, OLD.decision_reason)) THEN
        RAISE EXCEPTION 'an export stays as it was asked and decided'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'WAITING' AND NEW.state <> 'WAITING' AND NEW.decided_by IS NULL THEN
        RAISE EXCEPTION 'a waiting export is decided by a second person'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF current_user = 'recoup_web' AND NEW.decided_by IS DISTINCT FROM OLD.decided_by
       AND NEW.decided_by::text IS DISTINCT FROM current_setting('recoup.user_id', true) THEN
        RAISE EXCEPTION 'nobody decides in another''s name' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exports_export_is_kept
    BEFORE UPDATE OR DELETE ON exports_export
    FOR EACH ROW EXECUTE FUNCTION exports_keep_export();
CREATE FUNCTION exports_keep_download() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'exports_download is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER exports_download_is_append_only
    BEFORE UPDATE OR DELETE ON exports_download
    FOR EACH ROW EXECUTE FUNCTION exports_keep_download();
"""
UNGUARD = """
DROP TRIGGER exports_export_is_kept ON exports_export;
DROP TRIGGER exports_download_is_append_only ON exports_download;
DROP FUNCTION exports_keep_export();
DROP FUNCTION exports_keep_download();
"""


def seed(apps, schema_editor):
    limit = apps.get_model("exports", "RowLimit")
    limit.objects.bulk_create(
        limit(role=role, is_unmasked=is_unmasked, alone=alone, at_most=at_most)
        for role, is_unmasked, alone, at_most in LIMITS
    )


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
