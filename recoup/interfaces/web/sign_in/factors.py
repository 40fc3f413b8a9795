"""With what a session was opened: password, second factor, and how long ago; what one may add."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from recoup.interfaces.web.people import signed_in
from recoup.interfaces.web.sign_in.store import ENROLLING, SECOND_FACTOR

FACTOR_METHODS = {"mfa", "sso_factor"}
FRESH_SECONDS = 10 * 60
ENROLLING_SECONDS = 30 * 60
NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A second factor as its owner sees it."""

    id: int
    name: str
    added_at: datetime
    last_used_at: datetime | None


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
    request.session.pop(ENROLLING, None)
    note_factors(request)
    renew(request)


def drop_factors(request: HttpRequest) -> None:
    """The last factor was taken away: this session has shown none any more.

    Whoever took it away showed it a moment ago, and may set up another in its place.
    """
    left = [record for record in _records(request) if record["method"] != "mfa"]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = left
    if not any(record["method"] in FACTOR_METHODS for record in left):
        request.session.pop(SECOND_FACTOR, None)
    begin_enrolling(request)


def begin_enrolling(request: HttpRequest) -> None:
    """For a while this session may set up a first factor."""
    request.session[ENROLLING] = int(time.time())
    renew(request)


def renew(request: HttpRequest) -> None:
    """Another key for the same session: what it may do has changed (ASVS 5.0 V7.2.4)."""
    request.session.cycle_key()


def first_step(request: HttpRequest, address: str) -> str | None:
    """Where one goes before a factor may be added at this address; None if it may be now.

    Who has a factor shows it; who has none shows the code they were given.
    """
    if has_second_factor(request):
        return None
    back = urlencode({"next": address})
    if factors_of(signed_in(request).pk):
        return f"/account/factor?{back}"
    return f"/account/enrol?{back}" if needs_code(request) else None


def needs_code(request: HttpRequest) -> bool:
    """Whether this session must show an enrolment code before a factor is added."""
    is_open = has_second_factor(request) or is_enrolling(request)
    return not is_open and not factors_of(signed_in(request).pk)


def is_enrolling(request: HttpRequest) -> bool:
    """Whether this session showed an enrolment code within the last half hour."""
    return time.time() - request.session.get(ENROLLING, 0) < ENROLLING_SECONDS


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


def factor_row(factor: Authenticator) -> FactorRow:
    """A factor under its name: the one its owner gave it, else what it is."""
    usual = _("Authenticator app") if factor.type == Authenticator.Type.TOTP else _("Passkey")
    name = str(factor.data.get("name") or "") or usual
    return FactorRow(int(factor.pk), name, factor.created_at, factor.last_used_at)


def sound_name(typed: str) -> str:
    """A name for a factor: one line, not too long; empty where nothing is left."""
    shown = "".join(letter if letter.isprintable() else " " for letter in typed)
    return " ".join(shown.split())[:NAME_CHARACTERS]


def rename_factor(factor: Authenticator, name: str) -> None:
    """Keep a name with a factor, beside what the library keeps there."""
    factor.data = factor.data | {"name": name}
    factor.save(update_fields=["data"])


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    """What allauth notes in the session: with what, and when (seconds since 1970)."""
    found: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return found
