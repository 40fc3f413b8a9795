"""The call composer: what was typed is kept as typed, beside what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from recoup.core import money
from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.interfaces.web.refusal_words import words_of
from recoup.modules.comms.rules import CallResult
from recoup.modules.plans.services import PromiseGiven

DAYS_UNTIL_PROMISE = 3


@dataclass(frozen=True, slots=True)
class CallForm:
    """The composer as it stands on the page."""

    form_key: str
    contact_point: str = ""
    result: str = ""
    inbound: bool = False
    identity_checked: bool = False
    amount: str = ""
    due_on: str = ""
    note: str = ""
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def with_errors(self, errors: Mapping[str, list[str]]) -> "CallForm":
        """The same form with what is wrong beside its fields."""
        return replace(self, errors=errors)


@dataclass(frozen=True, slots=True)
class CallInput:
    """The form once read."""

    contact_point_id: int
    result: CallResult
    form_key: UUID
    promise: PromiseGiven | None


def blank_form(*, overdue: Money | None, as_of: date) -> CallForm:
    """A new composer: the whole overdue amount, three days from now."""
    amount = f"{overdue.major()}" if overdue else ""
    due_on = (as_of + timedelta(days=DAYS_UNTIL_PROMISE)).isoformat()
    return CallForm(form_key=str(uuid4()), amount=amount, due_on=due_on)


def typed_form(typed: QueryDict) -> CallForm:
    """The composer as it was sent."""
    return CallForm(
        form_key=typed.get("form_key", ""),
        contact_point=typed.get("contact_point", ""),
        result=typed.get("result", ""),
        inbound="inbound" in typed,
        identity_checked="identity_checked" in typed,
        amount=typed.get("amount", ""),
        due_on=typed.get("due_on", ""),
        note=typed.get("note", ""),
    )


def read_form(form: CallForm, currency: str) -> tuple[CallInput | None, dict[str, list[str]]]:
    """What the form says; None, and what is wrong, if it cannot be read."""
    errors = dict[str, list[str]]()
    if form.result not in CallResult.__members__:
        errors["result"] = [_("Choose what came of the call.")]
    if not form.contact_point.isdecimal() or len(form.contact_point) > 18:
        errors["contact_point"] = [_("Choose the number that was called.")]
    promise = None
    if form.result == CallResult.PROMISE:
        promise = read_promise(form.amount, form.due_on, currency, errors)
    try:
        form_key = UUID(form.form_key)
    except ValueError:
        errors["form"] = [_("This form is out of date. Reload the page and try again.")]
    if errors:
        return None, errors
    return CallInput(int(form.contact_point), CallResult(form.result), form_key, promise), errors


def read_promise(
    amount: str, due_on: str, currency: str, errors: dict[str, list[str]]
) -> PromiseGiven | None:
    """The promise as typed; what cannot be read is added to `errors`."""
    read_amount = read_money(amount, currency, errors)
    read_day_ = read_day(due_on, "due_on", errors)
    if read_amount is None or read_day_ is None:
        return None
    return PromiseGiven(read_amount, read_day_)


def read_money(text: str, currency: str, errors: dict[str, list[str]]) -> Money | None:
    """An amount as typed, full-width digits too."""
    try:
        return money.parse(text.strip().translate(_FULL_WIDTH).lstrip("¥$ "), currency)
    except Refused as no:
        errors["amount"] = [words_of(no)]
        return None


def read_day(text: str, name: str, errors: dict[str, list[str]]) -> date | None:
    """A day as typed, 2026-11-24."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        errors[name] = [_("Give a day as year-month-day, such as 2026-11-24.")]
        return None


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，￥", "0123456789.,¥")
