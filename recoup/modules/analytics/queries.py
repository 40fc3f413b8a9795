"""Questions about a day's portfolio: arrears by bucket, flow since the last night, promises."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recoup.core.arrears import LAST_BUCKET
from recoup.core.money import Money
from recoup.foundation import db
from recoup.modules.analytics.rules import Move, move_of

SQL = Path(__file__).parent / "sql"
_FLOW = (SQL / "flow_of_day.sql").read_text()
_PROMISES = (SQL / "promises_of_day.sql").read_text()


@dataclass(frozen=True, slots=True)
class FlowCell:
    """How many contracts went from one bucket to another, and what they now owe."""

    from_bucket: int
    to_bucket: int
    contracts: int
    overdue: Money
    exposure: Money

    @property
    def move(self) -> Move:
        return move_of(self.from_bucket, self.to_bucket)


@dataclass(frozen=True, slots=True)
class BucketTotal:
    bucket: int
    contracts: int
    contracts_before: int
    overdue: Money
    exposure: Money

    @property
    def change(self) -> int:
        return self.contracts - self.contracts_before


@dataclass(frozen=True, slots=True)
class BucketMoves:
    """Where the contracts of a bucket went since the last night."""

    bucket: int
    moves: dict[Move, int]

    @property
    def improved(self) -> int:
        return self.moves[Move.CURED] + self.moves[Move.BACK]

    @property
    def before(self) -> int:
        return sum(self.moves.values())


@dataclass(frozen=True, slots=True)
class CurrencyFlow:
    """The flow of the contracts in one currency; amounts of two are never added up."""

    currency: str
    cells: tuple[FlowCell, ...]

    @property
    def contracts(self) -> int:
        return sum(cell.contracts for cell in self.cells if cell.to_bucket)

    @property
    def overdue(self) -> Money:
        return sum((c.overdue for c in self.cells), start=Money(0, self.currency))

    @property
    def exposure(self) -> Money:
        return sum((c.exposure for c in self.cells), start=Money(0, self.currency))

    def moved(self, move: Move) -> int:
        """How many contracts moved this way."""
        return sum(cell.contracts for cell in self.cells if cell.move is move)

    def buckets(self) -> list[BucketTotal]:
        """What stands in each bucket now, M1 to M6+."""
        return [self._bucket(number) for number in range(1, LAST_BUCKET + 1)]

    def _bucket(self, number: int) -> BucketTotal:
        now = [cell for cell in self.cells if cell.to_bucket == number]
        before = (cell.contracts for cell in self.cells if cell.from_bucket == number)
        nothing = Money(0, self.currency)
        return BucketTotal(
            bucket=number,
            contracts=sum(cell.contracts for cell in now),
            contracts_before=sum(before),
            overdue=sum((cell.overdue for cell in now), start=nothing),
            exposure=sum((cell.exposure for cell in now), start=nothing),
        )

    def moves(self) -> list[BucketMoves]:
        """Where the contracts of each bucket went; bucket 0 holds the new ones."""
        counts: dict[int, dict[Move, int]] = defaultdict(lambda: dict.fromkeys(Move, 0))
        for cell in self.cells:
            counts[cell.from_bucket][cell.move] += cell.contracts
        return [BucketMoves(number, counts[number]) for number in range(LAST_BUCKET + 1)]

    def matrix(self) -> list[list[int]]:
        """Contracts from (row) to (column), M0 to M6+."""
        found = {(cell.from_bucket, cell.to_bucket): cell.contracts for cell in self.cells}
        numbers = range(LAST_BUCKET + 1)
        return [[found.get((row, column), 0) for column in numbers] for row in numbers]


@dataclass(frozen=True, slots=True)
class PromiseTotal:
    """Promises of a day with one outcome: DUE, KEPT or BROKEN."""

    outcome: str
    promises: int
    amounts: tuple[Money, ...]


def flow_of_day(*, as_of: date, team_id: int | None = None) -> list[CurrencyFlow]:
    """The portfolio in arrears of a day and where it came from, per currency."""
    cells: dict[str, list[FlowCell]] = defaultdict(list)
    for row in db.ask(_FLOW, {"as_of": as_of, "team_id": team_id}):
        currency = row["currency"]
        cells[currency].append(
            FlowCell(
                from_bucket=row["from_bucket"],
                to_bucket=row["to_bucket"],
                contracts=row["contracts"],
                overdue=Money(row["overdue_minor"], currency),
                exposure=Money(row["exposure_minor"], currency),
            )
        )
    return [CurrencyFlow(currency, tuple(found)) for currency, found in cells.items()]


def promises_of_day(*, as_of: date, team_id: int | None = None) -> list[PromiseTotal]:
    """Promises due on a day, and those its night found kept or broken."""
    rows = db.ask(_PROMISES, {"as_of": as_of, "team_id": team_id})
    return [_promise_total(outcome, rows) for outcome in ("DUE", "KEPT", "BROKEN")]


def _promise_total(outcome: str, rows: Iterable[dict[str, object]]) -> PromiseTotal:
    found = [row for row in rows if row["outcome"] == outcome]
    return PromiseTotal(
        outcome,
        sum(int(str(row["promises"])) for row in found),
        tuple(Money(int(str(row["amount_minor"])), str(row["currency"])) for row in found),
    )
