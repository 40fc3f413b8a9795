"""throttle: one row per counted thing, so that every process counts the same."""

from django.db import models


class Bucket(models.Model):
    """When a key's allowance is whole again; the key is a digest, never a name or address."""

    key = models.CharField(max_length=64, primary_key=True)
    whole_at = models.DateTimeField()

    class Meta:
        app_label = "throttle"
        indexes = [models.Index(fields=["whole_at"], name="bucket_is_whole")]
