"""Zhou leads and exports, Cao decides, two lenders have cases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recoup.foundation.access.context import Access, held
from recoup.foundation.access.rights import Reach, Right
from recoup.interfaces.worker.export_tasks import prepare_export
from recoup.modules.exports import services
from recoup.modules.exports.rules import FileFormat, ListCode, Purpose, Wanted
from recoup.modules.exports.services import Asker
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.interfaces.web.mornings import make_late

LEADER = frozenset({Right.SEE_CASES, Right.EXPORT, Right.REVEAL})
DECIDER = frozenset({Right.SEE_CASES, Right.APPROVE_EXPORTS, Right.REVEAL})


class House:
    """Six cases of one lender, one of another; who asks, who decides, what a worker is to make."""

    def __init__(self) -> None:
        factories.make_finished_night()
        self.liu = factories.make_collector("liu_min", "刘敏")
        self.he = factories.make_collector(
            "he_jie", "何洁", team_id=factories.make_team("phone-2", "电催二组")
        )
        self.zhou = factories.make_collector(
            "zhou_lan", "周岚", role="LEADER", employee_number="2001"
        )
        self.cao = factories.make_collector("cao_yu", "曹玉", role="COMPLIANCE")
        names = ["王小强", "陈洁", "赵芳", "=cmd|' /C calc'!A0", "孙伟", "钱多多"]
        for rank, name in enumerate(names, start=1):
            worker = self.liu if rank < 5 else self.he
            make_late(name, 10 * rank, worker, rank, ["IN_ORDER"], plate=f"沪A58K2{rank}")
        make_late("John Smith", 12, self.liu, 9, ["IN_ORDER"], currency="USD", plate="8ABC123")
        self.cny, self.usd = factories.make_lender("cny"), factories.make_lender("usd")
        self.queued: list[int] = []

    def access(self, user: Any, rights: frozenset[Right] = LEADER, **more: Any) -> Access:
        facts = {"reach": Reach.ALL, "lender_ids": (self.cny,), "has_second_factor": True}
        return Access(user_id=user.pk, rights=rights, **(facts | more))

    def ask(self, *, by: Any = None, access: Access | None = None, **more: Any) -> int:
        user = by or self.zhou
        facts: dict[str, Any] = {
            "list_code": ListCode.CASES,
            "lender_id": self.cny,
            "file_format": FileFormat.CSV,
        }
        reason = more.pop("reason", "monthly report to the lender")
        with held(access or self.access(user)):
            return services.ask(
                wanted=Wanted(**(facts | more)),
                purpose=Purpose.LENDER_REPORT,
                reason=reason,
                asker=Asker(user.pk, user.display_name, user.employee_number),
                language="zh-hans",
                at=AT_TEN,
                as_of=BUSINESS_DAY,
                enqueue=self.queued.append,
            )

    def decide(self, export_id: int, *, by: Any = None, approve: bool = True) -> None:
        user = by or self.cao
        with held(self.access(user, DECIDER)):
            services.decide(
                export_id=export_id,
                approve=approve,
                reason="fits the contract with the lender",
                actor_id=user.pk,
                at=AT_TEN,
                enqueue=self.queued.append,
            )


@pytest.fixture
def house(tmp_path: Path, settings: Any, transactional_db: None) -> House:
    settings.MEDIA_ROOT = tmp_path / "files"
    return House()


@pytest.fixture
def prepared(house: House) -> Callable[..., bytes]:
    """Ask, make and fetch: the bytes of the file, as the asker gets them."""

    def make(**more: Any) -> bytes:
        export_id = house.ask(**more)
        if not house.queued:
            house.decide(export_id)
        prepare_export(export_id=house.queued.pop())
        with held(house.access(house.zhou)):
            file = services.fetch(export_id=export_id, actor_id=house.zhou.pk, at=AT_TEN)
            return b"".join(file.pieces)

    return make
