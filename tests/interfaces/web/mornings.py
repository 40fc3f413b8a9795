"""A small morning: two collectors, a leader, and people who are named by how late they are.

Made through the models alone. `liu_min` has wang (broken promise), chen (promise due today), zhao
and smith on her list in this order, `he_jie` has one case. The business day is 2026-11-20.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.test import Client

from recoup.core import arrears
from recoup.modules.analytics.models import DayFlow
from recoup.modules.arrears.models import Snapshot
from recoup.modules.workforce.models import User
from tests import factories
from tests.factories import BUSINESS_DAY

YESTERDAY = BUSINESS_DAY - timedelta(days=1)


@dataclass(frozen=True)
class Morning:
    liu_min: User
    he_jie: User
    leader: User
    operator: User
    wang_38_days_late: int
    chen_6_days_late: int
    zhao_74_days_late: int
    smith_12_days_late: int
    sun_45_days_late: int


def make_morning() -> Morning:
    """The business day's data, as the night leaves it."""
    factories.make_finished_night()
    liu_min = factories.make_collector("liu_min", "刘敏")
    other_team = factories.make_team("phone-2", "电催二组")
    he_jie = factories.make_collector("he_jie", "何洁", team_id=other_team)
    leader = factories.make_collector("zhou_lan", "周岚", role="LEADER")
    operator = factories.make_collector("wu_jun", "吴军", role="OPERATOR")
    morning = Morning(
        liu_min, he_jie, leader, operator,
        make_late("王小强", 38, liu_min, 1, ["PROMISE_BROKEN"], plate="沪A58K21"),
        make_late("陈洁", 6, liu_min, 2, ["PROMISE_DUE"], plate="苏E119Q7", phone="13900000001"),
        make_late("赵芳", 74, liu_min, 3, ["BALANCE_ABOVE_VALUE"], plate="浙B33D90"),
        make_late("John Smith", 12, liu_min, 4, ["IN_ORDER"], currency="USD", plate="8ABC123"),
        make_late("孙伟", 45, he_jie, 1, ["IN_ORDER"], plate="皖A877M2"),
    )  # fmt: skip
    make_flows(other_team)
    return morning


def make_late(
    name: str,
    days_late: int,
    collector: User,
    rank: int,
    reasons: list[str],
    *,
    currency: str = "CNY",
    plate: str = "",
    phone: str = "13812346021",
    overdue_minor: int = 0,
) -> int:
    """A contract in arrears with its case, snapshot and place on the collector's worklist."""
    lender_id = factories.make_lender(currency.lower(), currency=currency)
    party_id = factories.make_party(name, lender_id=lender_id, phone=phone, is_synthetic=True)
    oldest = BUSINESS_DAY - timedelta(days=days_late)
    contract_id = factories.make_contract(
        number=f"AF2024-{days_late:06d}", borrower_id=party_id, lender_id=lender_id,
        dues=[(oldest, 500_000, 40_000)], currency=currency,
    )  # fmt: skip
    factories.make_vehicle(contract_id, plate=plate, is_synthetic=True)
    bucket = arrears.bucket(days_late)
    case_id = factories.make_case(contract_id, collector=collector, bucket=bucket)
    factories.make_worklist_item(case_id, collector, rank=rank, reasons=reasons)
    Snapshot.objects.create(
        as_of=BUSINESS_DAY, contract_id=contract_id, lender_id=lender_id, dpd_raw=days_late,
        dpd_net=days_late, bucket=bucket, tier=2, unpaid_dues=1, oldest_due_on=oldest,
        principal_minor=500_000 + overdue_minor, interest_minor=40_000, cost_minor=0,
        penalty_minor=days_late * 100, exposure_minor=600_000,
    )  # fmt: skip
    return contract_id


def make_flows(other_team: int) -> None:
    """Since yesterday: 40 stayed in M1, 5 rolled to M2, 3 were cured, 7 are new; some dollars."""
    for team_id, currency, before, now, contracts in (
        (factories.make_team(), "CNY", 1, 1, 40),
        (factories.make_team(), "CNY", 1, 2, 5),
        (other_team, "CNY", 1, 0, 3),
        (other_team, "CNY", 0, 1, 7),
        (other_team, "USD", 2, 1, 2),
    ):
        DayFlow.objects.create(
            as_of=BUSINESS_DAY, lender_id=factories.make_lender(), team_id=team_id,
            currency=currency,
            from_bucket=before, to_bucket=now, contracts=contracts,
            overdue_minor=contracts * 100_000 if now else 0,
            exposure_minor=contracts * 700_000 if now else 0,
        )  # fmt: skip


def signed_in(user: User, language: str = "zh-hans") -> Client:
    """A browser in which this person is signed in and reads this language."""
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(user)
    return client


def day(offset: int) -> date:
    """So many days after the business day."""
    return BUSINESS_DAY + timedelta(days=offset)
