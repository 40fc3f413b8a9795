"""Chen of finance asks, Zhou leads and decides; Fang is Chen's colleague; Wang has a contract."""

from typing import Any

import pytest

from recoup.core.money import Money
from recoup.foundation.access.context import Access, held
from recoup.foundation.access.rights import Reach, Right
from recoup.modules.approvals import acting, services
from recoup.modules.approvals.rules import Kind
from recoup.modules.approvals.services import Asked
from tests import factories
from tests.factories import AT_TEN

FINANCE = frozenset(
    {Right.SEE_CASES, Right.POST_PAYMENTS, Right.REVERSE_PAYMENTS, Right.APPROVE_MONEY}
)
LEADER = frozenset({Right.SEE_CASES, Right.WORK_CASES, Right.APPROVE_MONEY})


class House:
    """One contract, three people, and a list of what was done for granted requests."""

    def __init__(self) -> None:
        factories.make_finished_night()
        self.contract_id = factories.make_contract()
        self.lender_id = factories.make_lender()
        self.chen = factories.make_collector("chen_wei", "陈伟", role="FINANCE")
        self.fang = factories.make_collector("fang_hua", "方华", role="FINANCE")
        self.zhou = factories.make_collector("zhou_lan", "周岚", role="LEADER")
        self.liu = factories.make_collector("liu_min", "刘敏")
        self.done: list[acting.Granted] = []

    def access(self, user: Any, **more: Any) -> Access:
        rights = {
            self.zhou.pk: LEADER,
            self.liu.pk: frozenset({Right.SEE_CASES, Right.WORK_CASES}),
        }.get(user.pk, FINANCE)
        facts = {"reach": Reach.ALL, "lender_ids": (self.lender_id,), "has_second_factor": True}
        return Access(user_id=user.pk, **({"rights": rights} | facts | more))

    def ask(
        self, minor: int, *, by: Any = None, access: Access | None = None, **more: Any
    ) -> Asked:
        user = by or self.chen
        facts: dict[str, Any] = {
            "kind": Kind.WAIVER,
            "subject": "contract",
            "subject_id": self.contract_id,
            "contract_id": self.contract_id,
            "lender_id": self.lender_id,
            "amount": Money(minor, "CNY"),
            "reason": "借款人住院，罚息减免",
            "facts": {"part": "PENALTY"},
            "at": AT_TEN,
        }
        with held(access or self.access(user)):
            return services.ask(actor_id=user.pk, **(facts | more))

    def decide(
        self, request_id: int, *, by: Any = None, access: Access | None = None, **more: Any
    ) -> None:
        user = by or self.zhou
        said: dict[str, Any] = {"grant": True, "reason": "情况属实"}
        with held(access or self.access(user)):
            services.decide(request_id=request_id, actor_id=user.pk, at=AT_TEN, **(said | more))


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    house = House()
    act = lambda granted, _doing: house.done.append(granted)  # noqa: E731
    monkeypatch.setattr(acting, "_ACTS", dict.fromkeys((Kind.WAIVER, Kind.REFUND), act))
    return house
