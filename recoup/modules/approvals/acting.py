"""What is done when a request is granted: each kind's act, named by the module that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recoup.core.money import Money
from recoup.modules.approvals.rules import Kind


@dataclass(frozen=True, slots=True)
class Granted:
    """A granted request, marked done: whoever holds this acts now, in the same transaction.

    `decided_by` is None where the asker's own limit was wide enough.
    """

    request_id: int
    kind: Kind
    subject: str
    subject_id: int
    contract_id: int
    lender_id: int
    amount: Money
    reason: str
    facts: dict[str, Any]
    asked_by: int
    decided_by: int | None


@dataclass(frozen=True, slots=True)
class Doing:
    """Who is there when it is done, when, and on which business day."""

    actor_id: int
    at: datetime
    as_of: date


Act = Callable[[Granted, Doing], object]
_ACTS: dict[Kind, Act] = {}


def on_grant(kind: Kind, act: Act) -> None:
    """Let `act` run inside the granting transaction; its refusal undoes the grant."""
    _ACTS[kind] = act


def act_of(kind: Kind) -> Act | None:
    """What is done for this kind; None where the acting service calls `use` by itself."""
    return _ACTS.get(kind)
