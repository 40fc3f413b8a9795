"""The table of Django's database cache. Unlogged: what stands there is worth nothing after a crash."""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE sign_in_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX sign_in_cache_expires ON sign_in_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("sign_in", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE sign_in_cache")]
