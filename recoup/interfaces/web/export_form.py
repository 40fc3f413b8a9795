"""What the export page asks for: which list, which rows, why."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recoup.interfaces.ui.labels import LABELS
from recoup.modules.exports.rules import (
    LONGEST_REASON,
    FileFormat,
    ListCode,
    Purpose,
    Wanted,
)
from recoup.modules.plans.rules import PromiseState

LISTS = [(code.value, LABELS["export_list"][code].text) for code in ListCode]
PURPOSES = [(purpose.value, LABELS["export_purpose"][purpose].text) for purpose in Purpose]
STATES = [("", _("All promises"))] + [
    (state.value, LABELS["promise"][state].text) for state in PromiseState
]
_DAY = {"type": "date"}


class ExportForm(forms.Form):
    """Which rows of which lender, as which file, what for."""

    lender = forms.TypedChoiceField(label=_("Lender"), coerce=int)
    list_code = forms.ChoiceField(label=_("List"), choices=LISTS)
    file_format = forms.ChoiceField(
        label=_("File"), choices=[(kind.value, kind.value) for kind in FileFormat]
    )
    bucket = forms.IntegerField(label=_("Bucket (cases)"), required=False, min_value=0, max_value=7)
    promise_state = forms.ChoiceField(label=_("State (promises)"), required=False, choices=STATES)
    since = forms.DateField(
        label=_("From (promises, payments)"), required=False, widget=forms.DateInput(_DAY)
    )
    until = forms.DateField(
        label=pgettext_lazy("days", "To"), required=False, widget=forms.DateInput(_DAY)
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSES)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)
    is_unmasked = forms.BooleanField(label=_("Names and phones in full"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        lenders: list[tuple[int, str]],
        may_reveal: bool,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        lender = self.fields["lender"]
        if isinstance(lender, forms.TypedChoiceField):
            lender.choices = lenders
        if not may_reveal:
            del self.fields["is_unmasked"]

    def wanted(self) -> Wanted:
        """The filters, of a valid form."""
        said = self.cleaned_data
        return Wanted(
            list_code=ListCode(said["list_code"]),
            lender_id=said["lender"],
            file_format=FileFormat(said["file_format"]),
            is_unmasked=said.get("is_unmasked", False),
            bucket=said["bucket"],
            promise_state=said["promise_state"],
            since=said["since"],
            until=said["until"],
        )

    def purpose_given(self) -> Purpose:
        """What the rows are for, of a valid form."""
        return Purpose(self.cleaned_data["purpose"])
