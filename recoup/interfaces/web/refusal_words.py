"""A refusal in the reader's language, and the field of the form it belongs beside."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.interfaces.ui.formats import money_text
from recoup.interfaces.ui.labels import label_of
from recoup.modules.compliance.rules import ContactRefused, Refusal

RIGHTS = frozenset(right.value for right in Right)
FIELD_OF_CODE = {
    "identity_unchecked": "identity_checked",
    "note_missing": "note",
    "note_too_long": "note",
    "promise_missing": "amount",
    "promise_not_positive": "amount",
    "promise_above_owed": "amount",
    "promise_day_past": "due_on",
    "promise_day_too_far": "due_on",
    "contact_point_foreign": "contact_point",
    "not_a_number_to_call": "contact_point",
    "contact_refused": "contact_point",
    "payment_not_positive": "amount",
    "payment_value_date_ahead": "value_on",
    "payment_reference_repeated": "reference",
    "approval_reason_too_short": "reason",
    "approval_amount_not_positive": "amount",
    "approval_above_every_limit": "amount",
    "money_more_than_there": "amount",
    "money_contract_not_found": "to_number",
    "money_same_contract": "to_number",
    "user_name_taken": "username",
    "grant_without_end": "expires_on",
    "grant_already_over": "expires_on",
    "grant_without_reason": "reason",
    "grant_for_nobody": "lender",
    "grant_known": "role",
    "reach_differs": "role",
    "duties_conflict": "role",
    "role_for_people": "role",
    "role_name_unsound": "name",
}
WHOLE_FORM = "form"


def words_of(no: Refused) -> str:
    """The refusal as a sentence; the gate's says every reason."""
    if isinstance(no, ContactRefused):
        return gate_words(no.refusal)
    if not no.params:
        return _(no.message)
    return _(no.message) % {name: _named(value) for name, value in no.params.items()}


def _named(value: object) -> object:
    """A right by its words, an amount in the reader's language; anything else as it is."""
    if isinstance(value, Money):
        return money_text(value)
    return label_of("right", value).text if value in RIGHTS else value


def gate_words(refusal: Refusal) -> str:
    """Why the gate said no, all reasons."""
    reasons = _("; ").join(_(reason.message) for reason in refusal.reasons)
    return _("This person may not be called now: %(reasons)s.") % {"reasons": reasons}


def errors_by_field(reasons: Iterable[Refused]) -> dict[str, list[str]]:
    """Each refusal beside its field; what belongs to no field is said above the form."""
    errors = dict[str, list[str]]()
    for no in reasons:
        errors.setdefault(FIELD_OF_CODE.get(no.code, WHOLE_FORM), []).append(words_of(no))
    return errors
