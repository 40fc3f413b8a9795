from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("whole_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["whole_at"], name="bucket_is_whole")],
            },
        ),
        # Counting need not survive a crash, and must not cost a disk write each.
        migrations.RunSQL(
            "ALTER TABLE throttle_bucket SET UNLOGGED", "ALTER TABLE throttle_bucket SET LOGGED"
        ),
    ]
