"""The first strategy (C3): 1-59 days by phone, 60 and more by phone and visit."""

from django.db import migrations

FIRST = """
INSERT INTO strategy_version (code, title, live_from, is_live)
VALUES ('v1', 'First strategy: phone first, from day 60 phone and visit', '2000-01-01', true);

INSERT INTO strategy_rule (version_id, position, segment, treatment, dpd_from, dpd_to,
                           overdue_from_minor, broken_promises_from, weight)
SELECT v.id, r.* FROM strategy_version v,
       (VALUES (1, 'REST', 'SETTLE_REST', 0, 0, 0, 0, 20),
               (2, 'LATE', 'PHONE_AND_VISIT', 91, 99999, 0, 0, 60),
               (3, 'MIDDLE', 'PHONE_AND_VISIT', 60, 90, 0, 0, 90),
               (4, 'BROKEN_PROMISE', 'PHONE', 1, 59, 0, 1, 100),
               (5, 'EARLY_LARGE', 'PHONE', 1, 59, 1000000, 0, 80),
               (6, 'EARLY', 'PHONE', 1, 59, 0, 0, 50))
       r (position, segment, treatment, dpd_from, dpd_to, overdue, broken, weight)
 WHERE v.code = 'v1';
"""


class Migration(migrations.Migration):
    dependencies = [("strategy", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FIRST, "DELETE FROM strategy_rule; DELETE FROM strategy_version WHERE code = 'v1'"
        )
    ]
