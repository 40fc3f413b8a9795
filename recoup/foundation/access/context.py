"""Whose access holds right now: it comes in through the door and is asked for where it matters."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import TypeVar, cast

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import NEED_SECOND_FACTOR, Reach, Right

Piece = TypeVar("Piece")


class NotAllowed(Refused):
    """The person who acts has no right to this."""

    code = "not_allowed"
    message = "You have no right to do this (%(right)s)."


class SecondFactorNeeded(Refused):
    """The right is there, but the session was opened by a password alone."""

    code = "second_factor_needed"
    message = "This needs a second factor: set one up or sign in with it."


@dataclass(frozen=True, slots=True)
class Access:
    """What whoever acts may do, and to whose cases. `system` names a job; it has every right."""

    user_id: int | None = None
    system: str = ""
    rights: frozenset[Right] = field(default_factory=frozenset)
    reach: Reach = Reach.NONE
    lender_ids: tuple[int, ...] = ()
    agency_id: int | None = None
    team_id: int | None = None
    has_second_factor: bool = False

    def may(self, right: Right) -> bool:
        """Whether this is allowed, the second factor included."""
        if self.system:
            return True
        enough = self.has_second_factor or right not in NEED_SECOND_FACTOR
        return right in self.rights and enough


NOBODY = Access()
_current: ContextVar[Access] = ContextVar("recoup_access", default=NOBODY)


def current() -> Access:
    """The access that holds; nobody's where no door has let anyone in."""
    return _current.get()


def require(right: Right) -> Access:
    """The access that holds, if it has the right.

    Raises SecondFactorNeeded or NotAllowed.
    """
    access = current()
    if access.may(right):
        return access
    if right in access.rights:
        raise SecondFactorNeeded
    raise NotAllowed(right=right.value)


@contextmanager
def held(access: Access) -> Iterator[Access]:
    """Let this access hold for the length of a `with`."""
    token = _current.set(access)
    try:
        yield access
    finally:
        _current.reset(token)


def carried(several: Iterable[Piece]) -> Iterator[Piece]:
    """The same, each asked for under the access that holds now: answers are sent after it ended."""
    here, rest, end = copy_context(), iter(several), object()

    def pieces() -> Iterator[Piece]:
        while (piece := here.run(next, rest, end)) is not end:
            yield cast("Piece", piece)

    return pieces()


def as_system(name: str) -> AbstractContextManager[Access]:
    """A job's access for the length of a `with`: the night, intake, the command line."""
    return held(Access(system=name, reach=Reach.ALL))
