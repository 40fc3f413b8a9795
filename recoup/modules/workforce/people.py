"""How people are read from the table: without the password's hash, which it shows to nobody."""

import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import UserManager
from django.db import connection, models
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as Signing
else:
    Signing = object


class People(UserManager[Any]):
    """Everybody; the hash is asked for by itself, through the narrow door, where it is compared."""

    use_in_migrations = True

    def get_queryset(self) -> models.QuerySet[Any]:
        """Everybody's row but for the hash."""
        return super().get_queryset().defer("password")


class HashKeptApart(Signing):
    """A user whose password's hash comes from access_password, and only where it is asked for."""

    if TYPE_CHECKING:

        class Meta:
            abstract = True

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """The hash is read by the door that compares it; all else from the table."""
        if fields is None or list(fields) != ["password"]:
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_password(%s)", [self.pk])
            (self.password,) = cursor.fetchone() or ("",)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is opened with: it ends when the password is changed.

        Made from the print of the hash, which is all that letting somebody in returns.
        """
        known = self.__dict__.get("password_print") if "password" not in self.__dict__ else None
        known = known or hashlib.sha256(self.password.encode()).hexdigest()
        salt = "recoup.workforce.session"
        return salted_hmac(salt, known, secret=secret, algorithm="sha256").hexdigest()
