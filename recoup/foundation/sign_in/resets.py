"""What the operator undoes for somebody: a lost factor, a paused name, a missing link."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt
from django.db import connection
from django.utils.crypto import salted_hmac

from recoup.core.refusals import Refused
from recoup.foundation import db

PROVIDER = "sso"
_FORGET_SECRETS = """
DELETE FROM sign_in_factorsecret kept
 WHERE kept.made_at < now() - interval '1 hour'
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


@db.use_case()
def remove_factors(*, user_id: int) -> int:
    """Forget every second factor and recovery code of somebody; how many they were.

    Asked of a database role that sees everybody's: secrets that no factor names any more go too.
    """
    forgotten = int(Authenticator.objects.filter(user_id=user_id).delete()[0])
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_SECRETS)
    return forgotten


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
