"""Columns for sealed birthdays; and a blind index begins with the number of its key."""

from django.db import migrations, models

# What was made before indexes named their key has sixteen bytes.
NAME_ITS_KEY = """
UPDATE parties_party t
   SET name_index = CASE WHEN length(t.name_index) = 16
                         THEN int4send(k.id::int) || t.name_index ELSE t.name_index END,
       id_number_index = CASE WHEN length(t.id_number_index) = 16
                              THEN int4send(k.id::int) || t.id_number_index
                              ELSE t.id_number_index END,
       employer_index = CASE WHEN length(t.employer_index) = 16
                             THEN int4send(k.id::int) || t.employer_index
                             ELSE t.employer_index END
  FROM vault_datakey k
 WHERE k.lender_id = t.lender_id AND k.purpose = 'INDEX' AND k.is_active
   AND 16 IN (length(t.name_index), length(t.id_number_index), length(t.employer_index));
UPDATE parties_contactpoint t
   SET value_index = int4send(k.id::int) || t.value_index
  FROM parties_party p, vault_datakey k
 WHERE p.id = t.party_id AND k.lender_id = p.lender_id AND k.purpose = 'INDEX' AND k.is_active
   AND length(t.value_index) = 16;
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0008_locked"), ("vault", "0002_rotation_of_indexes")]
    operations = [
        migrations.RunSQL(NAME_ITS_KEY, migrations.RunSQL.noop),
        migrations.AddField("party", "born_on_sealed", models.BinaryField(null=True)),
        migrations.AddField("party", "born_on_masked", models.CharField(db_default="", default="", max_length=10)),
        migrations.AddField("party", "born_on_index", models.BinaryField(null=True)),
    ]
