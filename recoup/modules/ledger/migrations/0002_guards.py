"""What the ledger promises beyond tables: append-only entries, one penalty formula, the lawful order."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger_entry is append-only: book a correcting entry instead'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_is_append_only
    BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_entry_is_not_emptied
    BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""
UNGUARD = """
DROP TRIGGER ledger_entry_is_append_only ON ledger_entry;
DROP TRIGGER ledger_entry_is_not_emptied ON ledger_entry;
DROP FUNCTION ledger_refuse_change();
"""

# The one formula of penalty interest (罚息) in SQL; recoup.core.penalty holds the same.
# Nothing within grace; else 积数 x rate / (1e6 x day basis), half up, capped per due.
PENALTY = """
CREATE FUNCTION ledger_penalty(
    minor_days bigint, base_open bigint, accrued_on date, due_on date, as_of date, rate_micro int,
    day_basis smallint, grace_days smallint, cap_pct smallint, scheduled bigint
) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN as_of <= due_on + grace_days THEN 0
                ELSE least(
                    div((minor_days + base_open * greatest(0, as_of - accrued_on))::numeric
                            * rate_micro * 2 + 1000000 * day_basis::bigint,
                        2000000 * day_basis::bigint)::bigint,
                    coalesce(scheduled * cap_pct / 100, 9223372036854775807))
           END
$$;
"""
UNPENALTY = "DROP FUNCTION ledger_penalty"

ORDERS = """
INSERT INTO ledger_allocationrule
       (code, by_instalment, cost_rank, penalty_rank, interest_rank, principal_rank)
VALUES ('CIVIL_CODE_561', false, 1, 2, 3, 4),
       ('OLDEST_INSTALMENT_FIRST', true, 1, 2, 3, 4),
       ('PRINCIPAL_FIRST', false, 2, 3, 4, 1);
"""

# Rows that are updated in place keep room for their new version on the same page.
ROOM = """
ALTER TABLE ledger_account SET (fillfactor = 85);
ALTER TABLE ledger_due SET (fillfactor = 95);
ALTER TABLE ledger_payment SET (fillfactor = 90);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, UNGUARD),
        migrations.RunSQL(PENALTY, UNPENALTY),
        migrations.RunSQL(ORDERS, "DELETE FROM ledger_allocationrule"),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
    ]
