"""Showing masked personal data is an act, and stands on the timeline."""

from django.db import migrations, models
from django.db.models import Q

KINDS = [
    "CASE_OPENED", "BUCKET_MOVED", "CASE_CURED", "CASE_CLOSED", "CASE_HELD", "CASE_RELEASED",
    "CASE_TAKEN", "CASE_ASSIGNED", "TREATMENT_CHANGED", "CALL_LOGGED", "PROMISE_TAKEN",
    "PROMISE_KEPT", "PROMISE_PARTLY_KEPT", "PROMISE_BROKEN", "PAYMENT_POSTED", "PAYMENT_REVERSED",
    "NOTE_WRITTEN", "PERSONAL_DATA_SHOWN",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_append_only")]
    operations = [
        migrations.RemoveConstraint("timelineentry", "timeline_kind_is_known"),
        migrations.AddConstraint(
            "timelineentry",
            models.CheckConstraint(
                condition=Q(kind__in=KINDS),
                name="timeline_kind_is_known",
            ),
        ),
    ]
