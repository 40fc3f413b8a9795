"""The register of things in our keeping: entered, lent, prolonged, returned, moved, handed over."""

from dataclasses import dataclass
from datetime import date, datetime

from recoup.foundation import audit, db
from recoup.foundation.access import context
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.modules.custody import queries, rules
from recoup.modules.custody.models import Item, Movement
from recoup.modules.custody.rules import ItemKind, ItemState, MovementKind


@dataclass(frozen=True, slots=True)
class When:
    """Who enters a movement, when, and on which business day."""

    actor_id: int
    at: datetime
    as_of: date


@db.use_case()
def register(
    *,
    lender_id: int,
    kind: ItemKind,
    label: str,
    place: str,
    contract_number: str = "",
    note: str = "",
    actor_id: int,
    at: datetime,
    as_of: date,
) -> int:
    """Enter a thing that came into our keeping; its number.

    Raises NotAllowed, LabelMissing, PlaceMissing, LabelTaken, ContractNotKnown.
    """
    context.require(Right.KEEP_CUSTODY)
    said, lies = rules.sound(label, rules.LabelMissing)[:64], rules.sound(place, rules.PlaceMissing)
    contract_id = _contract(lender_id, contract_number.strip())
    if Item.objects.filter(lender_id=lender_id, label=said).exists():
        raise rules.LabelTaken(label=said)
    item = Item.objects.create(
        lender_id=lender_id,
        contract_id=contract_id,
        kind=kind,
        label=said,
        place=lies[:100],
        note=note.strip()[:200],
    )
    _enter(item, MovementKind.REGISTERED, When(actor_id, at, as_of))
    return int(item.pk)


def _contract(lender_id: int, number: str) -> int | None:
    if not number:
        return None
    found = queries.contract_id(lender_id=lender_id, number=number)
    if found is None:
        raise rules.ContractNotKnown(number=number)
    return found


@db.use_case()
def borrow(
    *,
    item_id: int,
    borrower: str,
    reason: str,
    due_on: date | None = None,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> None:
    """Lend a thing to a colleague, by login or employee number; back the same day unless said.

    Raises NotAllowed, ItemUnknown, NotThere, BorrowerUnknown, ReasonMissing and refuse_loan's.
    """
    item = _locked(item_id)
    state = rules.next_state(ItemState(item.state), MovementKind.BORROWED)
    borrower_id = queries.colleague_id(borrower.strip())
    if borrower_id is None:
        raise rules.BorrowerUnknown
    due_on = due_on or as_of
    rules.refuse_loan(keeper_id=actor_id, borrower_id=borrower_id, due_on=due_on, as_of=as_of)
    said = rules.sound(reason, rules.ReasonMissing)
    item.state, item.holder_id, item.due_on = state, borrower_id, due_on
    _enter(item, MovementKind.BORROWED, When(actor_id, at, as_of), said)


@db.use_case()
def prolong(
    *, item_id: int, due_on: date, reason: str, actor_id: int, at: datetime, as_of: date
) -> None:
    """Let a borrower keep a thing until another day.

    Raises NotAllowed, ItemUnknown, NotOut, KeeperBorrows, DuePast, DueTooLate, ReasonMissing.
    """
    item = _locked(item_id)
    rules.next_state(ItemState(item.state), MovementKind.PROLONGED)
    rules.refuse_loan(
        keeper_id=actor_id, borrower_id=item.holder_id or 0, due_on=due_on, as_of=as_of
    )
    said = rules.sound(reason, rules.ReasonMissing)
    item.due_on = due_on
    _enter(item, MovementKind.PROLONGED, When(actor_id, at, as_of), said)


@db.use_case()
def give_back(*, item_id: int, place: str = "", actor_id: int, at: datetime, as_of: date) -> None:
    """Take a thing back; it lies where it lay unless another place is said.

    Raises NotAllowed, ItemUnknown, NotOut.
    """
    item = _locked(item_id)
    state = rules.next_state(ItemState(item.state), MovementKind.RETURNED)
    held_by = item.holder_id
    item.state, item.holder_id, item.due_on = state, None, None
    item.place = place.strip()[:100] or item.place
    _enter(item, MovementKind.RETURNED, When(actor_id, at, as_of), held_by=held_by)


@db.use_case()
def move(*, item_id: int, place: str, actor_id: int, at: datetime, as_of: date) -> None:
    """Put a thing elsewhere. Raises NotAllowed, ItemUnknown, NotThere, PlaceMissing."""
    item = _locked(item_id)
    rules.next_state(ItemState(item.state), MovementKind.MOVED)
    item.place = rules.sound(place, rules.PlaceMissing)[:100]
    _enter(item, MovementKind.MOVED, When(actor_id, at, as_of))


@db.use_case()
def hand_over(*, item_id: int, reason: str, actor_id: int, at: datetime, as_of: date) -> None:
    """Give a thing out of our keeping for good: to the lender, a court, the debtor who paid.

    Raises NotAllowed, ItemUnknown, NotThere, ReasonMissing.
    """
    item = _locked(item_id)
    item.state = rules.next_state(ItemState(item.state), MovementKind.HANDED_OVER)
    said = rules.sound(reason, rules.ReasonMissing)
    _enter(item, MovementKind.HANDED_OVER, When(actor_id, at, as_of), said)


def _locked(item_id: int) -> Item:
    context.require(Right.KEEP_CUSTODY)
    found = Item.objects.select_for_update().filter(pk=item_id).first()
    if found is None:
        raise rules.ItemUnknown
    return found


def _enter(
    item: Item, kind: MovementKind, when: When, reason: str = "", held_by: int | None = None
) -> None:
    """Save what a movement changed, the movement itself and its line in the audit."""
    item.save(update_fields=["state", "holder_id", "due_on", "place"])
    movement = Movement.objects.create(
        item=item,
        lender_id=item.lender_id,
        kind=kind,
        at=when.at,
        business_on=when.as_of,
        actor_id=when.actor_id,
        holder_id=held_by or item.holder_id,
        due_on=item.due_on,
        place=item.place,
        reason=reason,
    )
    act = Act.ITEM_BORROWED if item.state == ItemState.OUT else Act.ITEM_RETURNED
    audit.record(
        act,
        "custody_item",
        item.pk,
        lender_id=item.lender_id,
        contract_ids=() if item.contract_id is None else (item.contract_id,),
        facts={"movement": kind.value, "holder": movement.holder_id},
        actor_id=when.actor_id,
    )
