"""Who may grant how much (house policy), and what the database keeps of a request."""

from django.db import migrations

# In major units of CNY: (kind, role, without asking, granted to others). House policy, to be
# changed by whoever runs the house; the same in USD at a fifth.
LIMITS = (
    ("WAIVER", "FINANCE", 500, 5_000),
    ("WAIVER", "LEADER", 1_000, 50_000),
    ("WRITE_OFF", "FINANCE", 10, 1_000),
    ("WRITE_OFF", "LEADER", 0, 200_000),
    ("REFUND", "FINANCE", 500, 50_000),
    ("REFUND", "LEADER", 0, 200_000),
    ("MANUAL_POSTING", "FINANCE", 50_000, 200_000),
    ("MANUAL_POSTING", "LEADER", 0, 1_000_000),
    ("TRANSFER", "FINANCE", 0, 100_000),
    ("TRANSFER", "LEADER", 0, 500_000),
    ("PLAN", "LEADER", 20_000, 500_000),
)
CURRENCIES = (("CNY", 100), ("USD", 20))  # minor units for one of the major units above

# The wider of two limits where somebody has several roles; one of the house's own has the limits of
# the role it was made from. A lender's own row takes the place of the general one.
LIMIT = """
CREATE FUNCTION approvals_limit_of(a_user bigint, a_kind text, a_currency text, a_lender bigint,
                                   a_day date)
RETURNS TABLE (alone_minor bigint, grants_minor bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(standing.alone_minor), 0), coalesce(max(standing.grants_minor), 0)
      FROM (SELECT DISTINCT ON (m.role) m.alone_minor, m.grants_minor
              FROM workforce_access(a_user, a_day) held
              JOIN workforce_role r ON r.code = ANY (held.roles)
              JOIN approvals_limit m ON m.role = coalesce(nullif(r.based_on, ''), r.code)
             WHERE a_lender = ANY (held.lender_ids)
               AND m.kind = a_kind AND m.currency = a_currency
               AND (m.lender_id IS NULL OR m.lender_id = a_lender)
             ORDER BY m.role, m.lender_id NULLS LAST) standing;
$$;
"""
NO_LIMIT = "DROP FUNCTION approvals_limit_of(bigint, text, text, bigint, date);"

GUARDS = """
-- What was asked stays as it was asked; it is decided once, in the decider's own name, within the
-- limit of whoever decides; what is granted is done once; nothing goes.
CREATE FUNCTION approvals_keep_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    limits record;
    who bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'ASKED' OR NEW.is_alone OR NEW.decided_by IS NOT NULL THEN
            RAISE EXCEPTION 'a request is asked for before it is decided'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.kind, NEW.subject, NEW.subject_id, NEW.contract_id, NEW.lender_id,
           NEW.amount_minor, NEW.currency, NEW.reason, NEW.facts, NEW.asked_by, NEW.asked_at,
           NEW.form_key)
          IS DISTINCT FROM
          (OLD.id, OLD.kind, OLD.subject, OLD.subject_id, OLD.contract_id, OLD.lender_id,
           OLD.amount_minor, OLD.currency, OLD.reason, OLD.facts, OLD.asked_by, OLD.asked_at,
           OLD.form_key)
       OR (OLD.state, NEW.state) NOT IN (('ASKED', 'GRANTED'), ('ASKED', 'REFUSED'),
                                         ('ASKED', 'WITHDRAWN'), ('GRANTED', 'DONE'))
       OR (OLD.state = 'GRANTED'
           AND (NEW.is_alone, NEW.decided_by, NEW.decided_at, NEW.decision_reason)
               IS DISTINCT FROM
               (OLD.is_alone, OLD.decided_by, OLD.decided_at, OLD.decision_reason)) THEN
        RAISE EXCEPTION 'a request stays as it was asked and decided, and is used once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'GRANTED' THEN
        RETURN NEW;
    END IF;
    who := CASE WHEN NEW.is_alone OR NEW.state = 'WITHDRAWN' THEN NEW.asked_by
                ELSE NEW.decided_by END;
    IF current_user = 'recoup_web'
       AND who::text IS DISTINCT FROM current_setting('recoup.user_id', true) THEN
        RAISE EXCEPTION 'nobody decides in another''s name' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'GRANTED' THEN
        SELECT * INTO limits FROM approvals_limit_of(
            who, NEW.kind, NEW.currency, NEW.lender_id, NEW.decided_at::date);
        IF NEW.amount_minor >
           (CASE WHEN NEW.is_alone THEN limits.alone_minor ELSE limits.grants_minor END) THEN
            RAISE EXCEPTION 'user % may not grant % of %', who, NEW.amount_minor, NEW.kind
                USING ERRCODE = 'check_violation', CONSTRAINT = 'granted_within_the_limit';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_request_is_kept
    BEFORE INSERT OR UPDATE OR DELETE ON approvals_request
    FOR EACH ROW EXECUTE FUNCTION approvals_keep_request();
"""
UNGUARD = """
DROP TRIGGER approvals_request_is_kept ON approvals_request;
DROP FUNCTION approvals_keep_request();
"""


def seed(apps, schema_editor):
    limit = apps.get_model("approvals", "Limit")
    limit.objects.bulk_create(
        limit(
            kind=kind,
            role=role,
            currency=currency,
            alone_minor=alone * minor,
            grants_minor=grants * minor,
        )
        for kind, role, alone, grants in LIMITS
        for currency, minor in CURRENCIES
    )


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("workforce", "0011_approve_money")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(LIMIT, NO_LIMIT),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
