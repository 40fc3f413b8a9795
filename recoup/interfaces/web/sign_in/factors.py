"""With what a session was opened: password, second factor, and how long ago."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from recoup.interfaces.web.people import signed_in
from recoup.interfaces.web.sign_in.store import SECOND_FACTOR

FACTOR_METHODS = {"mfa", "sso_factor"}
FRESH_SECONDS = 10 * 60


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, with a second factor."""
    return bool(request.session.get(SECOND_FACTOR))


def note_factors(request: HttpRequest) -> None:
    """Keep in the session whether a second factor is among what it was opened with."""
    is_proved = any(record["method"] in FACTOR_METHODS for record in _records(request))
    if is_proved and not has_second_factor(request):
        request.session[SECOND_FACTOR] = int(time.time())


def prove_factor(request: HttpRequest, method: str, **facts: object) -> None:
    """Somebody showed a second factor outside of signing in: while setting it up."""
    record_authentication(request, signed_in(request), method, **facts)
    note_factors(request)


def is_fresh(request: HttpRequest, seconds: int = FRESH_SECONDS) -> bool:
    """Whether the person proved who they are within the last minutes.

    Who has a second factor must have shown that; a password alone is not fresh enough.
    """
    needs_factor = has_second_factor(request)
    records = [r for r in _records(request) if not needs_factor or r["method"] in FACTOR_METHODS]
    return bool(records) and time.time() - max(r["at"] for r in records) < seconds


def factors_of(user_id: int) -> set[str]:
    """Which second factors somebody has set up: totp, webauthn; recovery codes are no factor."""
    kinds = Authenticator.objects.filter(user_id=user_id).values_list("type", flat=True)
    return set(kinds) - {Authenticator.Type.RECOVERY_CODES}


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    """What allauth notes in the session: with what, and when (seconds since 1970)."""
    found: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return found
