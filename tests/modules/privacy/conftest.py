"""Wang settled in 2015, Chen in 2025, Zhao still owes; Lin was Wang's contact person."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from recoup.foundation.access.context import Access, as_system, held
from recoup.foundation.access.rights import Reach, Right
from recoup.modules.comms.rules import CallResult
from recoup.modules.intake.models import Batch, QuarantinedRow
from recoup.modules.ledger.models import Due
from recoup.modules.privacy import jobs, services
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY

KEEPER = frozenset({Right.SEE_CASES, Right.KEEP_PRIVACY, Right.REVEAL})


class Archive:
    """The people, the two who keep privacy, and what they do in one line each."""

    def __init__(self) -> None:
        factories.make_finished_night()
        self.liu = factories.make_collector("liu_min", "刘敏")
        self.cao = factories.make_collector("cao_yu", "曹玉", role="COMPLIANCE")
        self.song = factories.make_collector("song_da", "宋达", role="COMPLIANCE")
        self.lender = factories.make_lender()
        self.wang, self.wangs = self._settled("王小强", "AF2012-1", date(2015, 3, 31))
        self.chen, self.chens = self._settled("陈洁", "AF2022-1", date(2025, 3, 31))
        self.zhao = factories.make_party("赵芳", phone="13700000003")
        self.zhaos = factories.make_contract(number="AF2024-9", borrower_id=self.zhao)
        self.lin = factories.make_party("林涛", phone="13600000009")
        factories.name_in_contract(self.wangs, self.lin, "CONTACT")
        self.queued: list[int] = []

    def _settled(self, name: str, number: str, on: date) -> tuple[int, int]:
        party = factories.make_party(
            name, phone=f"138{on:%Y%m%d}", id_number="310101199001011234", employer="示例公司"
        )
        contract = factories.make_contract(
            number=number, borrower_id=party, dues=[(on, 500_000, 40_000)], paid_dues=1
        )
        Due.objects.filter(contract_id=contract).update(settled_on=on)
        factories.make_vehicle(contract, plate="沪A58K21")
        case = factories.make_case(
            contract, collector=self.liu, state="CURED", opened_on=on.replace(day=1), closed_on=on
        )
        factories.make_call(
            case, party, CallResult.CALL_BACK, AT_TEN.replace(year=on.year, month=on.month),
            actor=self.liu, note="下午再打，她在医院",
        )  # fmt: skip
        return party, contract

    def refused_rows(self, at: Any) -> int:
        """A batch with one refused row."""
        batch = Batch.objects.create(
            lender_id=self.lender, kind="parties", filename="p.csv", sha256=f"{at:%m}" * 32,
            size_bytes=1, state="DONE", received_at=at,
        )  # fmt: skip
        row = {"batch_id": batch.pk, "row_number": 2, "column": "phone", "code": "x"}
        known = {field.name for field in QuarantinedRow._meta.get_fields()}
        sealed = {name: b"x" for name in ("value_sealed", "raw_sealed") if name in known}
        QuarantinedRow.objects.create(**row, **sealed)
        return int(batch.pk)

    def access(self, user: Any, **more: Any) -> Access:
        facts = {"reach": Reach.ALL, "lender_ids": (self.lender,), "has_second_factor": True}
        facts["rights"] = KEEPER
        return Access(user_id=user.pk, **(facts | more))

    def as_cao(self) -> Any:
        return held(self.access(self.cao))

    def as_song(self) -> Any:
        return held(self.access(self.song))

    def listed(self, as_of: date = BUSINESS_DAY) -> int:
        """A dry run by Cao."""
        with self.as_cao():
            run = services.plan_erasure(
                actor_id=self.cao.pk, at=AT_TEN, as_of=as_of, enqueue=self.queued.append
            )
        with as_system("privacy"):
            jobs.list_due(run_id=run)
        return run

    def approved(self, run: int) -> None:
        """Song lets it go."""
        with self.as_song():
            services.approve_erasure(
                run_id=run, actor_id=self.song.pk, at=AT_TEN, enqueue=self.queued.append
            )

    def forgotten(self, run: int, batch: int = 500) -> int:
        with as_system("privacy"):
            return jobs.forget(run_id=run, clock=lambda: AT_TEN, batch=batch)


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where anchors and lists of what was forgotten lie, and the key that signs them."""
    monkeypatch.setenv("RECOUP_ANCHORS", str(tmp_path / "anchors"))
    monkeypatch.setenv("RECOUP_AUDIT_KEY_FILE", str(tmp_path / "keys" / "audit_ed25519"))
    return tmp_path / "anchors"


@pytest.fixture
def archive(transactional_db: None, tmp_path: Path, settings: Any, outside: Path) -> Archive:
    settings.MEDIA_ROOT = tmp_path
    return Archive()
