"""What the intake pages ask for: an upload, and how its columns map."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from recoup.modules.intake import queries
from recoup.modules.intake.columns import Column
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.rules import SEVERAL, RowKind
from recoup.modules.intake.uploads import Preview

KINDS = [
    (RowKind.CONTRACTS.value, _("contracts")),
    (RowKind.INSTALMENTS.value, _("instalments")),
    (RowKind.PARTIES.value, _("parties")),
    (RowKind.CONTACTS.value, _("contacts")),
    (RowKind.VEHICLES.value, _("vehicles")),
    (RowKind.PAYMENTS.value, _("payments")),
    (SEVERAL, _("Several tables in one file, by a mapping")),
]
DATE_FORMS = ["", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "MM-DD-YYYY", "DD-MM-YYYY"]


class UploadForm(forms.Form):
    """A file, whose it is, and which table it holds."""

    lender = forms.ChoiceField(label=_("Lender"))
    kind = forms.ChoiceField(label=_("Table"), choices=KINDS)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.parquet,.pq"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(lender.code, lender.name) for lender in queries.lenders()]
        # Among several nobody's is chosen beforehand: a file must not go to the wrong lender.
        blank = [("", "")] if len(choices) > 1 else []
        self.fields["lender"].choices = blank + choices  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the layout, and which of the file's columns it takes."""

    column: Column
    chosen: str

    @property
    def field(self) -> str:
        return f"column-{self.column.name}"


def column_choices(kind: RowKind, preview: Preview) -> list[ColumnChoice]:
    """Every column of the table with the suggestion for it."""
    return [ColumnChoice(c, preview.suggested.get(c.name, "")) for c in LAYOUT[kind]]


def mapping_from(kind: RowKind, posted: QueryDict) -> dict[str, Any]:
    """The mapping a person chose, column by column."""
    chosen = {
        column.name: posted.get(f"column-{column.name}", "").strip() for column in LAYOUT[kind]
    }
    columns = {name: source for name, source in chosen.items() if source}
    spec: dict[str, Any] = {"tables": {kind.value: {"columns": columns}}}
    for key in ("date_format", "rate_unit"):
        if said := posted.get(key, ""):
            spec[key] = said
    return spec
