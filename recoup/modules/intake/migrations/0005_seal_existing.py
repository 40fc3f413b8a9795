"""Seal the rows refused before sealing, in portions: a migration that was killed goes on."""

import json

from django.db import connection, migrations

from recoup.foundation import db, vault

PORTION = 5_000
ROWS = """
SELECT q.id, q.batch_id, q.row_number, q.value, q.params, q.raw, b.lender_id
  FROM intake_quarantinedrow q JOIN intake_batch b ON b.id = q.batch_id
 WHERE q.raw_sealed IS NULL ORDER BY q.id LIMIT %(most)s
"""
KEEP = """
UPDATE intake_quarantinedrow
   SET cell_sealed = %s, raw_sealed = %s, value = '', params = '{}', raw = '[]'
 WHERE id = %s
"""


def seal(apps, schema_editor):
    while rows := db.ask(ROWS, {"most": PORTION}):
        with db.use_case(), connection.cursor() as cursor:
            cursor.executemany(KEEP, [_sealed(row) for row in rows])


def _sealed(row):
    place = f"{row['batch_id']}/{row['row_number']}"
    params, raw = (
        json.loads(row[name]) if isinstance(row[name], str) else row[name]
        for name in ("params", "raw")
    )
    cell = json.dumps([row["value"], params], ensure_ascii=False)
    sealer = vault.sealer(row["lender_id"])
    return (
        sealer.seal(cell, f"intake_quarantinedrow.cell_sealed/{place}"),
        sealer.seal(json.dumps(raw, ensure_ascii=False), f"intake_quarantinedrow.raw_sealed/{place}"),
        row["id"],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("intake", "0004_sealed_columns")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
