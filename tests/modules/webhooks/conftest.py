"""Two lenders, a receiver of one of them over real HTTPS, and what happens to their contracts."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recoup.foundation.access.context import Access, as_system, held
from recoup.foundation.access.rights import Reach, Right
from recoup.modules.ledger import services as ledger
from recoup.modules.ledger.rules import Channel
from recoup.modules.webhooks import jobs, services
from recoup.modules.webhooks.models import Delivery
from recoup.modules.webhooks.rules import EventKind
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.support.receiver import Receiver, certificate, receiving

EVERYTHING = tuple(kind.value for kind in EventKind)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("receiver"))


@pytest.fixture
def receiver(papers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Known to the operator, its certificate trusted, on this machine's own address."""
    with receiving(*papers) as desk:
        monkeypatch.setenv("RECOUP_OUTBOUND", f"https://localhost:{desk.port}=127.0.0.0/8")
        monkeypatch.setenv("SSL_CERT_FILE", str(papers[0]))
        yield desk


class Anda:
    """Anda's contract of Wang and Hengtong's of Li; Anda's engineer keeps its webhooks."""

    def __init__(self) -> None:
        factories.make_finished_night()
        self.lender = factories.make_lender("anda")
        self.other = factories.make_lender("hengtong", "恒通融资租赁")
        self.collector = factories.make_collector()
        wang = factories.make_party("王小强", lender_id=self.lender)
        self.wangs = factories.make_contract(number="AF-1", borrower_id=wang, lender_id=self.lender)
        self.case = factories.make_case(self.wangs, collector=self.collector)
        li = factories.make_party("李大山", lender_id=self.other)
        self.lis = factories.make_contract(number="HT-9", borrower_id=li, lender_id=self.other)
        self.lis_case = factories.make_case(self.lis, collector=self.collector)
        self.now = AT_TEN

    def engineer(self, *lender_ids: int) -> Access:
        return Access(
            user_id=77,
            rights=frozenset({Right.KEEP_WEBHOOKS}),
            reach=Reach.LENDER,
            lender_ids=lender_ids or (self.lender,),
            has_second_factor=True,
        )

    def subscribe(self, address: str, kinds: tuple[str, ...] = EVERYTHING, lender: str = "anda"):
        return services.subscribe(
            lender_code=lender, address=address, kinds=kinds, actor_id=77, at=self.now
        )

    def pay(self, reference: str, contract: int | None = None, amount: int = 540_000) -> int:
        return ledger.record_payment(
            contract_id=contract or self.wangs,
            amount_minor=amount,
            currency="CNY",
            value_on=BUSINESS_DAY,
            channel=Channel.TRANSFER,
            reference=reference,
            actor_id=self.collector.pk,
            at=self.now,
            as_of=BUSINESS_DAY,
        )

    def clock(self) -> datetime:
        return self.now

    def wait(self, **how_long: Any) -> None:
        self.now += timedelta(**how_long)

    def send(self, number: int | None = None) -> int:
        """What the worker does, for every subscription that has something to send."""
        with as_system("webhooks"):
            due = [number] if number else jobs.due(at=self.now)
            return sum(jobs.send_waiting(subscription_id=n, clock=self.clock) for n in due)

    def states(self) -> list[tuple[str, int, int | None]]:
        rows = Delivery.objects.order_by("id")
        return list(rows.values_list("state", "tries", "answer_status"))


@pytest.fixture
def anda(transactional_db: None) -> Anda:
    """Committed: sending is many transactions."""
    assert os.environ.get("RECOUP_DEBUG", "") == ""
    return Anda()


@pytest.fixture
def as_engineer(anda: Anda) -> Iterator[Access]:
    with held(anda.engineer()) as access:
        yield access
