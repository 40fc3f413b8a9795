"""What the case page shows, gathered in few questions and frozen: templates only set it out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recoup.core.account import Account as LoanAccount
from recoup.core.account import (
    AccruedInterest,
    Explanation,
    PayoffQuote,
    Position,
    explain,
    payoff_quote,
    position,
)
from recoup.core.money import Money
from recoup.interfaces.web.schedule_strip import ScheduleStrip, schedule_strip
from recoup.interfaces.web.timeline_words import TimelineLine, timeline_line
from recoup.modules.cases import queries as cases
from recoup.modules.cases.queries import CaseHead, TimelineGroup
from recoup.modules.compliance import queries as compliance
from recoup.modules.compliance.queries import ContactState
from recoup.modules.contracts import queries as contracts
from recoup.modules.contracts.queries import ContractFile, ContractRow, NamedPerson
from recoup.modules.contracts.rules import Role
from recoup.modules.ledger import queries as ledger
from recoup.modules.ledger.rules import AccountUnknown


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the loan account stands on a day, and why."""

    as_of: date
    account: LoanAccount
    position: Position
    explanation: Explanation
    payoff: PayoffQuote
    strip: ScheduleStrip

    @property
    def currency(self) -> str:
        """The account's currency."""
        return self.account.terms.currency

    @property
    def overdue(self) -> Money:
        """Everything overdue: costs, penalty, interest, principal."""
        return Money(self.position.overdue_total, self.currency)

    @property
    def settles(self) -> Money:
        """What settles the whole loan on the day, interest of the running instalment pro rata."""
        return Money(self.payoff.total, self.currency)

    @property
    def credit(self) -> Money:
        """What was paid beyond everything owed."""
        return Money(self.account.unallocated, self.currency)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody named in the contract, and what the gate says of calling them."""

    named: NamedPerson
    state: ContactState | None


@dataclass(frozen=True, slots=True)
class History:
    """A stretch of the timeline."""

    lines: tuple[TimelineLine, ...]
    group: TimelineGroup
    has_more: bool
    limit: int

    @property
    def groups(self) -> tuple[TimelineGroup, ...]:
        """What may be asked for instead."""
        return tuple(TimelineGroup)


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case, ready to be set out."""

    file: ContractFile
    head: CaseHead
    standing: Standing | None
    people: tuple[PersonCard, ...]
    history: History
    as_of: date
    reader_id: int

    @property
    def contract(self) -> ContractRow:
        """The contract's terms."""
        return self.file.contract

    @property
    def debtor(self) -> PersonCard:
        """Who took the loan."""
        return self.people[0]

    @property
    def others(self) -> tuple[PersonCard, ...]:
        """Everyone else named in the contract."""
        return self.people[1:]

    @property
    def is_taken_by_other(self) -> bool:
        """Whether a colleague has this case on their worklist and works it now."""
        place = self.head.place
        return bool(
            place
            and place.collector_id != self.reader_id
            and place.taken_at is not None
            and place.done_at is None
        )

    @property
    def is_synthetic(self) -> bool:
        """Whether anything shown about people or the car is synthetic."""
        vehicle = self.head.vehicle
        return any(card.named.person.is_synthetic for card in self.people) or bool(
            vehicle and vehicle.is_synthetic
        )

    @property
    def loan_to_value(self) -> tuple[int, int] | None:
        """Outstanding principal and the car's value; None if either is unknown."""
        vehicle = self.head.vehicle
        if self.standing is None or vehicle is None or not vehicle.value:
            return None
        return self.standing.position.outstanding_principal, vehicle.value.minor


def case_page(
    *,
    contract_id: int,
    reader_id: int,
    as_of: date,
    at: datetime,
    group: TimelineGroup = TimelineGroup.ALL,
    limit: int = 12,
) -> CasePage | None:
    """Everything the page shows; None if there is no such contract."""
    file = contracts.contract_file(contract_id=contract_id)
    head = cases.case_head(contract_id=contract_id, reader_id=reader_id, as_of=as_of)
    if file is None or head is None:
        return None
    now = standing(contract=file.contract, as_of=as_of)
    return CasePage(
        file=file,
        head=head,
        standing=now,
        people=_people(file, at),
        history=history(contract_id=contract_id, standing=now, group=group, limit=limit),
        as_of=as_of,
        reader_id=reader_id,
    )


def standing(*, contract: ContractRow, as_of: date) -> Standing | None:
    """The account on a day, replayed; None if the contract has none."""
    try:
        account = ledger.loan_account(contract_id=contract.id, as_of=as_of)
    except AccountUnknown:
        return None
    began_on = contract.signed_on or contract.first_due_on - timedelta(days=30)
    quote = payoff_quote(account, as_of, AccruedInterest.PRO_RATA, loan_began_on=began_on)
    return Standing(
        as_of=as_of,
        account=account,
        position=position(account, as_of),
        explanation=explain(account, as_of),
        payoff=quote,
        strip=schedule_strip(account.states, as_of),
    )


def history(
    *, contract_id: int, standing: Standing | None, group: TimelineGroup, limit: int
) -> History:
    """The timeline in the reader's words, payments with what they settled."""
    rows, has_more = cases.timeline(contract_id=contract_id, group=group, limit=limit)
    lines = tuple(timeline_line(row, standing.account if standing else None) for row in rows)
    return History(lines, group, has_more, limit)


def _people(file: ContractFile, at: datetime) -> tuple[PersonCard, ...]:
    states: dict[tuple[int, Role], ContactState] = {
        (state.party_id, state.role): state
        for state in compliance.people_states(file.contract.id, at=at)
    }
    return tuple(
        PersonCard(named, states.get((named.person.id, named.role))) for named in file.people
    )
