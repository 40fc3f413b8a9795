"""What the operator undoes for somebody: a lost factor, a paused name, a missing link.

And what nobody needs any more, which the worker forgets every hour.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from recoup.core.refusals import Refused
from recoup.foundation import db
from recoup.foundation.sign_in import models

PROVIDER = "sso"
UNNAMED_FOR = timedelta(hours=1)  # a secret is kept a moment before the factor that names it
_FORGET_COUNTS = "DELETE FROM sign_in_cache WHERE expires < %(at)s"
_FORGET_SECRETS = """
DELETE FROM sign_in_factorsecret kept
 WHERE kept.made_at < %(before)s
   AND NOT EXISTS (SELECT FROM mfa_authenticator named
                    WHERE kept.name IN (named.data ->> 'secret', named.data ->> 'seed'))
"""


class LinkTaken(Refused):
    """One account of the provider belongs to one person here."""

    code = "link_taken"
    message = "This account of the provider, or this person, is linked already."


def name_digest(username: str) -> str:
    """What is kept of a name that was typed at the sign-in: it may be a password gone astray."""
    known = username.replace("\0", "").strip().lower()[:150]
    return salted_hmac("recoup.sign_in.throttle", known, algorithm="sha256").hexdigest()


def forget_factors(user_id: int) -> int:
    """Forget every second factor and recovery code of somebody; how many they were.

    In the transaction that is open. Their secrets name nobody and go with the hourly broom.
    """
    return int(Authenticator.objects.filter(user_id=user_id).delete()[0])


@db.use_case()
def forget_ended(*, at: datetime) -> None:
    """Forget sessions and codes that ended, attempts that count no more, secrets without a factor.

    Asked of a database role that sees everybody's.
    """
    forget_sessions(at=at)
    models.EnrolmentCode.objects.filter(expires_at__lte=at).delete()
    AccessAttempt.objects.filter(attempt_time__lt=at - settings.AXES_COOLOFF_TIME).delete()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_SECRETS, {"before": at - UNNAMED_FOR})
        cursor.execute(_FORGET_COUNTS, {"at": at})


def forget_sessions(*, at: datetime) -> None:
    """Forget sessions that were idle for too long or open for too long."""
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    models.Session.objects.filter(expire_date__lte=at).delete()
    models.Session.objects.filter(seen_at__lte=at - idle).delete()


@db.use_case()
def unpause(*, username: str) -> int:
    """Forget the wrong passwords counted for a name; from how many places they came."""
    return int(AccessAttempt.objects.filter(username=name_digest(username)).delete()[0])


@db.use_case()
def link(*, user_id: int, subject: str) -> None:
    """Let an account of the company's provider sign in as this person. Raises LinkTaken."""
    known = SocialAccount.objects.filter(provider=PROVIDER)
    if known.filter(user_id=user_id).exists() or known.filter(uid=subject).exists():
        raise LinkTaken
    SocialAccount.objects.create(provider=PROVIDER, user_id=user_id, uid=subject, extra_data={})
