"""Columns of sealed values and of their blind indexes: they say what changing a key must know.

`whose` is a question about one row of the table (alias `t`): its lender, and the name under which
the row was sealed. A blind index names the sealed column it is made of, and how. Rotation finds
every such column by asking Django's models.
"""

from collections.abc import Callable, Iterator
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


Plain = Callable[[str, str], str]  # from the text and the row's name to what is indexed


class BlindIndexField(_Bytes):
    """The blind index of a sealed column's text: `of` which, for what `field`, in what one form."""

    def __init__(
        self,
        *args: Any,
        of: str = "",
        field: str = "",
        plain: Plain = lambda text, _: text,
        **kwargs: Any,
    ) -> None:
        self.of, self.field, self.plain = of, field, plain
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As a migration writes it: a column of bytes."""
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

    @property
    def sealed(self) -> str:
        """The column that holds what is sealed."""
        return self.column


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """A column of blind indexes, and what they are made of."""

    table: str
    column: str
    key: str
    whose: str
    sealed: str
    field: str
    plain: Plain

    @property
    def name(self) -> str:
        """table.column."""
        return f"{self.table}.{self.column}"


Column = SealedColumn | IndexColumn


def sealed_columns() -> Iterator[SealedColumn]:
    """Every sealed column of the installation, in a fixed order."""
    for meta, field in _fields():
        if isinstance(field, SealedField):
            place = (str(meta.db_table), str(field.column), str(meta.pk.column))
            yield SealedColumn(*place, field.whose)


def index_columns() -> Iterator[IndexColumn]:
    """Every column of blind indexes, in a fixed order."""
    for meta, field in _fields():
        if isinstance(field, BlindIndexField):
            place = (str(meta.db_table), str(field.column), str(meta.pk.column))
            whose = meta.get_field(field.of).whose
            yield IndexColumn(*place, whose, field.of, field.field, field.plain)


def _fields() -> Iterator[tuple[Any, Any]]:
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        for field in model._meta.local_fields:
            yield model._meta, field
