"""The first schedules and the days for an answer; the registers are kept as they were written."""

from django.db import migrations

REGISTERS = """
-- Registers are history. A hold is only lifted, a consent only withdrawn, once; what was asked stays.
CREATE FUNCTION privacy_keep_record() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    is_now jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) END;
    name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is kept: nothing is deleted there', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    FOR name IN SELECT jsonb_object_keys(was) LOOP
        IF was -> name IS DISTINCT FROM is_now -> name
           AND (NOT (name = ANY (TG_ARGV))
                OR (was ->> name IS NOT NULL AND was ->> name <> '' AND name <> 'state')) THEN
            RAISE EXCEPTION '%.% is kept as it was written', TG_TABLE_NAME, name
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER privacy_hold_is_kept BEFORE UPDATE OR DELETE ON privacy_legalhold
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_record('lifted_by', 'lifted_at', 'lifted_reason');
CREATE TRIGGER privacy_consent_is_kept BEFORE UPDATE OR DELETE ON privacy_consent
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_record(
        'withdrawn_on', 'withdrawn_channel', 'withdrawn_by', 'withdrawn_at');
CREATE TRIGGER privacy_wording_is_kept BEFORE UPDATE OR DELETE ON privacy_consentwording
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_record();
CREATE TRIGGER privacy_request_is_kept BEFORE UPDATE OR DELETE ON privacy_datarequest
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_record(
        'state', 'identity_check', 'identified_by', 'identified_at', 'answer', 'decided_by',
        'decided_at', 'file_sha256');
CREATE TRIGGER privacy_run_is_kept BEFORE UPDATE OR DELETE ON privacy_erasurerun
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_record(
        'state', 'approved_by', 'approved_at', 'finished_at');
CREATE TRIGGER privacy_assessment_is_kept BEFORE UPDATE OR DELETE ON privacy_assessment
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_record('approved_by', 'approved_at');
"""
UNDO = """
DROP TRIGGER privacy_hold_is_kept ON privacy_legalhold;
DROP TRIGGER privacy_consent_is_kept ON privacy_consent;
DROP TRIGGER privacy_wording_is_kept ON privacy_consentwording;
DROP TRIGGER privacy_request_is_kept ON privacy_datarequest;
DROP TRIGGER privacy_run_is_kept ON privacy_erasurerun;
DROP TRIGGER privacy_assessment_is_kept ON privacy_assessment;
DROP FUNCTION privacy_keep_record();
"""

# The articles as lawyers cite them, in either language; what each asks stands in docs/law.
RULES = (
    ("OBLIGOR", 120, "DE_IDENTIFY", "反洗钱法 34 · 个保法 19, 47 · CN-REC-006"),
    ("THIRD_PERSON", 6, "DE_IDENTIFY", "个保法 6, 19, 47 · CN-PI-001, CN-PI-002"),
    ("NOTES", 36, "DE_IDENTIFY", "个保法 19, 47, 56 · CN-REC-005, CN-REC-007"),
    ("VEHICLE", 36, "DE_IDENTIFY", "民法典 188 · 个保法 19, 47"),
    ("QUARANTINE", 6, "DELETE", "网络安全法 21 · 个保法 19, 47 · CN-REC-008"),
)
TERMS = (("ACCESS", 15), ("CORRECTION", 15), ("DELETION", 15), ("EXPLANATION", 15), ("WITHDRAWAL", 5))


def seed(apps, schema_editor):
    rule, term = (apps.get_model("privacy", name) for name in ("RetentionRule", "RequestTerm"))
    rule.objects.bulk_create(
        rule(kind=kind, months=months, action=action, basis=basis)
        for kind, months, action, basis in RULES
    )
    term.objects.bulk_create(term(kind=kind, days=days) for kind, days in TERMS)


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(REGISTERS, UNDO),
    ]
