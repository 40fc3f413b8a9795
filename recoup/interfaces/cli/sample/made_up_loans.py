"""A small made-up portfolio in CNY: real mathematics, seeded, every part of it synthetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recoup.core.account import Account, Due, Payment, Terms, post, replay
from recoup.core.calendar import add_months, every_months
from recoup.core.schedule import ScheduleTerms, equal_instalment
from recoup.interfaces.cli.sample import people
from recoup.interfaces.cli.sample.people import pick
from recoup.interfaces.cli.sample.tables import Tables, empty, major, per_cent
from recoup.modules.intake.rules import RowKind

CODE, NAME = "SHILI", "示例汽车金融"
CONTRACTS = 300
CARS = (
    ("比亚迪", "秦"),
    ("大众", "朗逸"),
    ("丰田", "卡罗拉"),
    ("日产", "轩逸"),
    ("吉利", "帝豪"),
    ("五菱", "宏光"),
    ("本田", "思域"),
    ("哈弗", "H6"),
)
COLOURS = ("白", "黑", "灰", "银", "蓝", "红")
# Of a hundred borrowers so many pay by debit, so many a few days late; the rest fell behind.
ON_TIME, A_LITTLE_LATE = 64, 80
MISSED = (1, 1, 1, 2, 2, 3, 4, 5, 7)


@dataclass(frozen=True, slots=True)
class Loan:
    """A made-up contract and its schedule; amounts in fen."""

    number: int
    key: str
    principal: int
    rate_micro: int
    multiplier: str
    grace_days: int
    signed_on: date
    dues: tuple[Due, ...]

    @property
    def terms(self) -> Terms:
        """Penalty at the multiple of the contract rate, allocated as Civil Code art. 561 says."""
        rate = self.rate_micro * int(self.multiplier.replace(".", "")) // 10
        return Terms("CNY", rate, penalty_on_interest=True, grace_days=self.grace_days)


def loans(as_of: date) -> Iterator[Loan]:
    """The contracts as signed, all alive on the day."""
    for number in range(1, CONTRACTS + 1):
        key = f"{CODE}-{number:05d}"
        term = (24, 36, 36, 48, 60)[pick(key, "term", 5)]
        age = 2 + pick(key, "age", term - 4)
        signed_on = add_months(as_of, -age) - timedelta(days=pick(key, "day", 28))
        principal = (60 + pick(key, "principal", 220)) * 1000_00
        rate_micro = 60_000 + 1_000 * pick(key, "rate", 84)
        yield Loan(
            number=number,
            key=key,
            principal=principal,
            rate_micro=rate_micro,
            multiplier="1.5" if pick(key, "multiplier", 4) else "1.3",
            grace_days=3 if pick(key, "grace", 3) == 0 else 0,
            signed_on=signed_on,
            dues=_schedule(principal, rate_micro, signed_on, term),
        )


def _schedule(principal: int, rate_micro: int, signed_on: date, term: int) -> tuple[Due, ...]:
    rows = equal_instalment(
        ScheduleTerms(principal, rate_micro, signed_on, every_months(signed_on, term))
    )
    return tuple(
        Due(row.seq, row.due_on, principal=row.principal_minor, interest=row.interest_minor)
        for row in rows
    )


def payments(loan: Loan, as_of: date) -> tuple[Payment, ...]:
    """What the borrower paid by then, by their habit; a late payer pays the penalty too."""
    habit = pick(loan.key, "habit", 100)
    fallen_due = [due for due in loan.dues if due.due_on < as_of]
    missed = MISSED[pick(loan.key, "missed", len(MISSED))] if habit >= A_LITTLE_LATE else 0
    account = replay(loan.terms, loan.dues, ())
    paid = list[Payment]()
    for due in fallen_due[: max(0, len(fallen_due) - missed)]:
        late = 0 if habit < ON_TIME else pick(loan.key, f"late-{due.seq}", 9)
        value_on = due.due_on + timedelta(days=late)
        if value_on > as_of:
            break
        paid.append(Payment(value_on, len(paid) + 1, owed_on(account, value_on)))
        account = post(account, paid[-1])
    if missed and pick(loan.key, "part", 3) == 0:
        paid += _part_payment(account, as_of, len(paid) + 1, loan.key)
    return tuple(paid)


def owed_on(account: Account, on: date) -> int:
    """Everything that has fallen due by a day, penalty included."""
    return sum(
        sum(state.open_by_component(account.terms, on).values())
        for state in account.states
        if state.due_on <= on
    )


def _part_payment(account: Account, as_of: date, number: int, key: str) -> list[Payment]:
    """Some money towards the arrears, a few days before the business day."""
    value_on = as_of - timedelta(days=2 + pick(key, "part-day", 12))
    if account.last_value_on is not None and value_on < account.last_value_on:
        return []
    amount = owed_on(account, value_on) * (20 + pick(key, "part-share", 40)) // 100
    return [Payment(value_on, number, amount)] if amount else []


def tables_of(as_of: date) -> Tables:
    """The standard layout of the made-up portfolio."""
    tables = empty()
    for loan in loans(as_of):
        _add_people(tables, loan)
        tables[RowKind.CONTRACTS].append(_contract(loan))
        _add_vehicle(tables, loan, as_of)
        tables[RowKind.INSTALMENTS] += [
            {
                "contract_number": loan.key,
                "seq": due.seq,
                "due_on": due.due_on,
                "principal": major(due.principal),
                "interest": major(due.interest),
            }
            for due in loan.dues
        ]
        tables[RowKind.PAYMENTS] += [
            {
                "contract_number": loan.key,
                "paid_on": payment.value_on,
                "amount": major(payment.amount),
                "channel": "AUTO_DEBIT",
                "reference": f"{loan.key}-{payment.id:03d}",
            }
            for payment in payments(loan, as_of)
        ]
    return tables


def _contract(loan: Loan) -> dict[str, str | int | date | bool | None]:
    return {
        "contract_number": loan.key,
        "borrower_ref": loan.key,
        "guarantor_ref": f"{loan.key}-G" if _has_guarantor(loan) else None,
        "product": "示例新车分期",
        "currency": "CNY",
        "principal": major(loan.principal),
        "annual_rate": per_cent(loan.rate_micro),
        "term_months": len(loan.dues),
        "method": "EQUAL_INSTALMENT",
        "signed_on": loan.signed_on,
        "first_due_on": loan.dues[0].due_on,
        "matures_on": loan.dues[-1].due_on,
        "region": "示例省",
        "state": "ACTIVE",
        "penalty_multiplier": loan.multiplier,
        "grace_days": loan.grace_days,
        "allocation_rule": "CIVIL_CODE_561",
    }


def _has_guarantor(loan: Loan) -> bool:
    return pick(loan.key, "guarantor", 8) == 0


def _add_people(tables: Tables, loan: Loan) -> None:
    refs = {loan.key: loan.number, f"{loan.key}-G": loan.number + CONTRACTS}
    for ref, number in refs.items():
        if ref != loan.key and not _has_guarantor(loan):
            continue
        person = people.chinese(ref, number)
        income = (5 + pick(ref, "income", 20)) * 1000_00
        tables[RowKind.PARTIES].append(
            {
                "party_ref": ref,
                "name": person.name,
                "kind": "PERSON",
                "id_type": person.id_type,
                "id_number": person.id_number,
                "born_on": person.born_on,
                "language": person.language,
                "region": "示例省",
                "employer": "示例有限公司",
                "income": major(income),
                "spending": major(income * (40 + pick(ref, "spending", 40)) // 100),
                "credit_score": 520 + pick(ref, "score", 300),
                "is_synthetic": True,
            }
        )
        tables[RowKind.CONTACTS] += [
            _contact(ref, "MOBILE", person.mobile, "SELF"),
            _contact(ref, "MOBILE", person.relative_mobile, "SPOUSE"),
            _contact(ref, "ADDRESS", person.address, "SELF"),
        ]


def _contact(
    ref: str, kind: str, value: str, holder: str
) -> dict[str, str | int | date | bool | None]:
    return {
        "party_ref": ref,
        "kind": kind,
        "value": value,
        "holder": holder,
        "is_synthetic": True,
    }


def _add_vehicle(tables: Tables, loan: Loan, as_of: date) -> None:
    make, model = CARS[pick(loan.key, "car", len(CARS))]
    tables[RowKind.VEHICLES].append(
        {
            "contract_number": loan.key,
            "make": make,
            "model": model,
            "model_year": loan.signed_on.year,
            "is_new": True,
            "plate": people.chinese_plate(loan.number),
            "vin": people.vin(loan.key),
            "colour": COLOURS[pick(loan.key, "colour", len(COLOURS))],
            "value": major(loan.principal * 100 // 80),
            "valued_on": min(loan.signed_on, as_of),
            "lien_registered": True,
            "is_synthetic": True,
        }
    )
