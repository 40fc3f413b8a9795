"""The people of the stories and what they owe: small, named, in amounts a reader can recompute."""

from dataclasses import dataclass
from datetime import date

from recoup.modules.workforce.models import User
from tests import factories as make

FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)
SUNDAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Debtor:
    """A contract and how its borrower is called on the screen."""

    contract_id: int
    number: str
    masked: str


def owes(
    name: str,
    masked: str,
    number: str,
    *,
    first_due_on: date,
    paid_dues: int,
    phone: str = "13812346021",
    plate: str = "沪A58K21",
    principal: int = 500_000,
    interest: int = 40_000,
    term: int = 24,
) -> Debtor:
    """Somebody in Shanghai with equal dues, of which the first came to us paid."""
    contract_id = make.make_contract(
        number=number,
        borrower_id=make.make_party(name, phone=phone, is_synthetic=True),
        dues=make.monthly_dues(first_due_on, term, principal, interest),
        paid_dues=paid_dues,
    )
    if plate:
        make.make_vehicle(contract_id, plate=plate)
    return Debtor(contract_id, number, masked)


def wang_38_days() -> Debtor:
    """Two dues of ¥5,400.00 late: since 13 October (38 days) and 13 November (7 days)."""
    return owes("王小强", "王*强", "AF2024-117302", first_due_on=date(2026, 7, 13), paid_dues=3)


def zhao_8_days() -> Debtor:
    """One due of ¥5,400.00, late since 12 November."""
    return owes(
        "赵丽", "赵*", "AF2025-004411", first_due_on=date(2026, 6, 12), paid_dues=5,
        phone="13900005512", plate="沪B77102",
    )  # fmt: skip


def sun_100_days() -> Debtor:
    """Four dues late, the oldest since 12 August."""
    return owes(
        "孙国庆", "孙*庆", "AF2023-090071", first_due_on=date(2025, 10, 12), paid_dues=10,
        phone="13700008830", plate="沪C20999",
    )  # fmt: skip


def john_one_late() -> Debtor:
    """John Sample of California: one due of $1,234.56, 19 days late, without penalty interest."""
    lender_id = make.make_lender("prairie", "Prairie Auto Credit", "USD")
    contract_id = make.make_contract(
        number="PR-2025-00071",
        lender_id=lender_id,
        borrower_id=make.make_party(
            "John Sample", lender_id=lender_id, phone="+14155550136", region="CA"
        ),
        dues=make.monthly_dues(date(2026, 8, 1), 24, 110_000, 13_456),
        paid_dues=3,
        currency="USD",
        region="CA",
        account={"penalty_rate_micro": 0},
    )
    make.make_vehicle(contract_id, make="Ford", model="Fusion", plate="7ABC123", value_minor=0)
    return Debtor(contract_id, "PR-2025-00071", "J*** S***")


def liu_min(**more: object) -> User:
    """A collector of the first phone team."""
    return make.make_collector(**more)


def everybody_else() -> dict[str, User]:
    """A leader, a finance clerk, an intake clerk: each with a role of their own."""
    return {
        "zhou": make.make_collector("zhou_fang", "周芳", "LEADER", employee_number="1001"),
        "chen": make.make_collector("chen_wei", "陈伟", "FINANCE", employee_number="2007"),
        "fang": make.make_collector("fang_hua", "方华", "FINANCE", employee_number="2008"),
        "ma": make.make_collector("ma_li", "马莉", "INTAKE", employee_number="3003"),
    }
