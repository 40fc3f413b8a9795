import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

PERSON = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(PERSON),
        ("sign_in", "0003_factor_secrets"),
    ]
    operations = [
        migrations.CreateModel(
            name="EnrolmentCode",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=PERSON,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=PERSON,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="a_code_ends_after_it_began",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstPassword",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=PERSON,
                    ),
                ),
                ("set_at", models.DateTimeField(db_default=Now())),
            ],
        ),
    ]
