"""sign_in: sessions, codes, services' keys; only a digest of each secret is kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from recoup.foundation.vault.fields import SealedField
from recoup.foundation.vault.rules import INSTALLATION


class Session(AbstractBaseSession):
    """An open session. Its key is known to the browser alone: here stands the key's digest."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="")
    has_second_factor = models.BooleanField(default=False)

    class Meta:
        app_label = "sign_in"

    @classmethod
    def get_session_store_class(cls) -> type:
        """The engine that reads and writes these."""
        engine: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return engine


class FactorSecret(models.Model):
    """What an authenticator app or the recovery codes are made of, sealed; allauth keeps the name.

    In a column of its own, so that a change of the vault's keys reaches it.
    """

    name = models.CharField(max_length=32, unique=True)
    sealed = SealedField(whose=f"SELECT {INSTALLATION}::bigint, t.name")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "sign_in"


class EnrolmentCode(models.Model):
    """By it somebody sets up a first second factor. One a person: the newest; gone once shown."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "sign_in"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="a_code_ends_after_it_began"
            ),
        ]


class FirstPassword(models.Model):
    """Somebody else knows this person's password: it is changed before anything else is done."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "sign_in"


class ServiceKey(models.Model):
    """A key by which a service account (a user nobody signs in as) calls the API."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    reference = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=32))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "sign_in"
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="a_key_is_for_something"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="a_key_ends_after_it_began"
            ),
        ]
