"""A column whose values are sealed: it says whose they are, so that keys can be changed anywhere.

`whose` is a question about one row of the table (alias `t`): its lender, and the name under which
the row was sealed. Rotation finds every such column by asking Django's models.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


class SealedField(_Bytes):
    """Sealed bytes. `whose`: SELECT lender, row's name for the row `t`."""

    def __init__(self, *args: Any, whose: str = "", **kwargs: Any) -> None:
        self.whose = whose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As a migration writes it: a column of bytes; whose they are is no matter of the table."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed column: `about` of a row is its name, a slash and the row's name."""

    table: str
    column: str
    key: str
    whose: str

    @property
    def name(self) -> str:
        """table.column, the beginning of what its values are bound to."""
        return f"{self.table}.{self.column}"


def sealed_columns() -> Iterator[SealedColumn]:
    """Every sealed column of the installation, in a fixed order."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        meta = model._meta
        for field in meta.local_fields:
            if isinstance(field, SealedField):
                key = str(meta.pk.column)
                yield SealedColumn(meta.db_table, str(field.column), key, field.whose)
