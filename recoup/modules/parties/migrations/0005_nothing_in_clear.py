"""The columns in clear go."""

from django.db import migrations, models
from django.db.models.functions import Right

CALLABLE = models.Q(kind__in=["MOBILE", "PHONE"])
# One number in two spellings was two contact points; the first stays.
ONE_OF_EACH = """
DELETE FROM parties_contactpoint c
 USING parties_contactpoint earlier
 WHERE earlier.party_id = c.party_id AND earlier.kind = c.kind
   AND earlier.value_index = c.value_index AND earlier.id < c.id
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_seal_existing")]
    operations = [
        migrations.RunSQL(ONE_OF_EACH, migrations.RunSQL.noop),
        migrations.RemoveIndex("party", "party_by_name"),
        migrations.RemoveIndex("contactpoint", "contact_by_value"),
        migrations.RemoveConstraint("contactpoint", "one_contact_point_per_value"),
        migrations.RemoveField("party", "name"),
        migrations.RemoveField("party", "id_number"),
        migrations.RemoveField("party", "employer"),
        migrations.RemoveField("contactpoint", "value"),
        migrations.AlterField("party", "name_sealed", models.BinaryField()),
        migrations.AlterField("party", "name_masked", models.CharField(max_length=200)),
        migrations.AlterField("party", "name_index", models.BinaryField()),
        migrations.AlterField("contactpoint", "value_sealed", models.BinaryField()),
        migrations.AlterField("contactpoint", "value_masked", models.CharField(max_length=300)),
        migrations.AlterField("contactpoint", "value_index", models.BinaryField()),
        migrations.AddConstraint(
            "contactpoint",
            models.UniqueConstraint(
                fields=("party", "kind", "value_index"), name="one_contact_point_per_value"
            ),
        ),
        migrations.AddIndex("party", models.Index(fields=["name_index"], name="party_by_name")),
        migrations.AddIndex(
            "party",
            models.Index(
                fields=["id_number_index"],
                condition=models.Q(id_number_index__isnull=False),
                name="party_by_id_number",
            ),
        ),
        migrations.AddIndex(
            "contactpoint", models.Index(fields=["value_index"], name="contact_by_value")
        ),
        migrations.AddIndex(
            "contactpoint",
            models.Index(Right("value_masked", 4), condition=CALLABLE, name="contact_by_last_four"),
        ),
    ]
