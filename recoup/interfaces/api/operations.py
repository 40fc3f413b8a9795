"""What an operation is: a view that names its right, knows its parameters, and is on record.

`@operation(Right.X)` stands on every view; a test walks them all with every role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Any

from django.http import HttpRequest

from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.interfaces.api.keys import acting, caller_of

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class ParameterUnknown(Refused):
    """A filter that is not known would silently show everything."""

    code = "parameter_unknown"
    message = "This operation does not know the parameter %(parameter)s."


class ParameterRepeated(Refused):
    """Said twice, one of the two would be read and the other checked."""

    code = "parameter_repeated"
    message = "The parameter %(parameter)s is given more than once."


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation and the right it needs; None: any valid key."""

    name: str
    right: Right | None
    parameters: frozenset[str]


OPERATIONS: dict[str, Operation] = {}


def operation(right: Right | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only for keys that have the right, with parameters that are known and said once."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        known = Operation(view.__name__, right, _parameters(view))
        OPERATIONS[known.name] = known

        @wraps(view)
        def guarded(request: HttpRequest, **given: Any) -> Any:
            request.operation = known.name  # type: ignore[attr-defined]  # for the record
            with acting(request, right):
                _refuse_unknown(request, known)
                return view(request, **given)

        return guarded

    return guard


def _parameters(view: Callable[..., Any]) -> frozenset[str]:
    given = list(signature(view).parameters.values())[1:]
    return frozenset(one.name for one in given if one.kind is not Parameter.VAR_KEYWORD)


def _refuse_unknown(request: HttpRequest, known: Operation) -> None:
    for name, values in request.GET.lists():
        if name not in known.parameters:
            raise ParameterUnknown(parameter=name[:64])
        if len(values) > 1:
            raise ParameterRepeated(parameter=name)


def on_record(
    request: HttpRequest,
    act: audit.Act,
    subject: str,
    subject_id: int | None = None,
    *,
    contract_ids: list[int] | None = None,
    **facts: int | str,
) -> None:
    """Note what was read or changed, by which operation and key."""
    name: str = request.operation  # type: ignore[attr-defined]
    said = {"operation": name, "key": caller_of(request).key_id}
    audit.record(act, subject, subject_id, contract_ids=contract_ids or (), facts=said | facts)


def read(
    request: HttpRequest,
    subject: str,
    subject_id: int | None = None,
    *,
    contract_ids: list[int] | None = None,
) -> None:
    """Note that something was read."""
    on_record(request, audit.Act.API_READ, subject, subject_id, contract_ids=contract_ids)


def position_of(cursor: str | None) -> int:
    """After which number a page begins."""
    return int(cursor, 36) if cursor else 0


def cursor_at(number: int) -> str:
    """The cursor that goes on after a number."""
    said = ""
    while number:
        number, digit = divmod(number, 36)
        said = DIGITS[digit] + said
    return said or "0"


def page(rows: list[Any], limit: int) -> dict[str, Any]:
    """The rows of a page and where the next one begins, of rows with one more than the page."""
    shown = rows[:limit]
    return {"items": shown, "next": cursor_at(shown[-1].id) if len(rows) > limit else None}
