"""Personal data as they are kept: sealed, masked, indexed. Made where they come in, in bulk."""

from collections.abc import Mapping
from datetime import date

from recoup.foundation import vault
from recoup.modules.parties import rules

# What a sealed value is bound to, before the slash and the row's name.
NAME = "parties_party.name_sealed"
ID_NUMBER = "parties_party.id_number_sealed"
BORN_ON = "parties_party.born_on_sealed"
EMPLOYER = "parties_party.employer_sealed"
VALUE = "parties_contactpoint.value_sealed"

# Sealed, masked, index.
Kept = tuple[bytes, str, bytes]
NOTHING: tuple[None, str, None] = (None, "", None)


class PersonalData:
    """Makes what is kept of one lender's people; made once per file, called for each value."""

    __slots__ = ("_index", "_seal")

    def __init__(self, sealer: vault.Sealer, indexer: vault.Indexer) -> None:
        self._seal = sealer.seal
        self._index = indexer.index

    @classmethod
    def of(cls, lender_id: int) -> "PersonalData":
        """Under the lender's present keys."""
        return cls(vault.sealer(lender_id), vault.indexer(lender_id))

    def name(self, ref: str, name: str) -> Kept:
        """A person's or company's name."""
        return (
            self._seal(name, f"{NAME}/{ref}"),
            rules.masked_name(name),
            self._index(rules.plain_name(name), "name"),
        )

    def id_number(self, ref: str, number: str) -> Kept:
        """The number of an identity document."""
        return (
            self._seal(number, f"{ID_NUMBER}/{ref}"),
            rules.masked_id(number),
            self._index(rules.plain_id(number), "id_number"),
        )

    def born_on(self, ref: str, day: date) -> Kept:
        """A birthday."""
        text = day.isoformat()
        return self._seal(text, f"{BORN_ON}/{ref}"), rules.MASKED_DAY, self._index(text, "born_on")

    def employer(self, ref: str, employer: str) -> Kept:
        """Who somebody works for."""
        return (
            self._seal(employer, f"{EMPLOYER}/{ref}"),
            rules.masked_employer(employer),
            self._index(rules.plain_name(employer), "employer"),
        )

    def of_vehicle(self, about: str, text: str, masked: str, plain: str, field: str) -> Kept:
        """A plate or a frame number, whose own module says how it is masked and indexed."""
        return self._seal(text, about), masked, self._index(plain, field)

    def contact(self, ref: str, kind: str, value: str) -> Kept:
        """A number or address of a person."""
        return (
            self._seal(value, f"{VALUE}/{ref}/{kind}"),
            rules.masked_contact(kind, value),
            self._index(rules.plain_contact(kind, value), "contact"),
        )


def party_columns(
    *,
    lender_id: int,
    ref: str,
    name: str,
    id_number: str = "",
    born_on: date | None = None,
    employer: str = "",
) -> dict[str, bytes | str | None]:
    """The personal columns of a party's row."""
    data = PersonalData.of(lender_id)
    said = {
        "name": data.name(ref, name),
        "id_number": data.id_number(ref, id_number) if id_number else NOTHING,
        "born_on": data.born_on(ref, born_on) if born_on else NOTHING,
        "employer": data.employer(ref, employer) if employer else NOTHING,
    }
    return named_forms(said)


def contact_columns(
    *, lender_id: int, ref: str, kind: str, value: str
) -> dict[str, bytes | str | None]:
    """The personal columns of a contact point's row."""
    return named_forms({"value": PersonalData.of(lender_id).contact(ref, kind, value)})


def named_forms(
    said: Mapping[str, Kept | tuple[None, str, None]],
) -> dict[str, bytes | str | None]:
    """The three columns of each value."""
    forms = ("sealed", "masked", "index")
    return {
        f"{what}_{form}": text
        for what, kept in said.items()
        for form, text in zip(forms, kept, strict=True)
    }
