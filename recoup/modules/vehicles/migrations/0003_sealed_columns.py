"""Columns for what is sealed, masked and indexed of a car, beside those in clear."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vehicles", "0002_search"), ("parties", "0009_birthdays_sealed")]
    operations = [
        migrations.AddField("vehicle", "plate_sealed", models.BinaryField(null=True)),
        migrations.AddField("vehicle", "plate_masked", models.CharField(db_default="", default="", max_length=32)),
        migrations.AddField("vehicle", "plate_index", models.BinaryField(null=True)),
        migrations.AddField("vehicle", "vin_sealed", models.BinaryField(null=True)),
        migrations.AddField("vehicle", "vin_masked", models.CharField(db_default="", default="", max_length=17)),
        migrations.AddField("vehicle", "vin_index", models.BinaryField(null=True)),
    ]
