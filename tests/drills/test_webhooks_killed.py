"""The worker killed while it sends: every event arrives, and a receiver can tell twice."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.drills import house as houses
from tests.drills.house import Working
from tests.foundation.backup.installation import Installation
from tests.support.receiver import certificate, receiving

pytestmark = pytest.mark.slow
EVENTS = 60
HAPPENING = """
import django, os
django.setup()
from datetime import date
from django.utils import timezone
from recoup.foundation.access.context import as_system
from recoup.modules.contracts.models import Contract
from recoup.modules.ledger import services
from recoup.modules.parties.models import Lender
from recoup.modules.webhooks import services as webhooks
os.environ["RECOUP_OUTBOUND"] = os.environ["HOOK_ORIGIN"]
contract = Contract.objects.get()
with as_system("desk"):
    webhooks.subscribe(
        lender_code=Lender.objects.get().code, address=os.environ["HOOK"],
        kinds=["payment.posted"], actor_id=1, at=timezone.now())
    for n in range(int(os.environ["HOOK_EVENTS"])):
        services.record_payment(
            contract_id=contract.pk, amount_minor=101, currency="CNY",
            value_on=date(2026, 11, 20), channel="CASH", reference=f"P-{n}", actor_id=1,
            at=timezone.now(), as_of=date(2026, 11, 20))
"""
SENDING = """
import django, os, time
django.setup()
os.environ["RECOUP_OUTBOUND"] = os.environ["HOOK_ORIGIN"]
from recoup.interfaces.worker.webhook_tasks import send_webhooks
print("up", flush=True)
while True:
    send_webhooks.func(timestamp=0)
    time.sleep(0.2)
"""


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    return houses.made(tmp_path / "var")


def test_a_worker_killed_while_it_sends_loses_nothing(house, tmp_path, monkeypatch):
    cert, key = certificate(tmp_path)
    with receiving(cert, key) as desk, houses.running(house):
        monkeypatch.setenv("HOOK", desk.address)
        monkeypatch.setenv("HOOK_EVENTS", str(EVENTS))
        monkeypatch.setenv("HOOK_ORIGIN", f"https://localhost:{desk.port}=127.0.0.0/8")
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        house.python(HAPPENING)
        desk.seconds = 0.3  # so that a kill meets it with one on its way
        for least in (3, 8, 15):
            worker = Working(house, SENDING)
            _wait_for(lambda least=least: len(desk.got) >= least)
            os.kill(worker.process.pid, signal.SIGKILL)
            worker.process.wait()
        desk.seconds = 0.0
        worker = Working(house, SENDING)
        # What was on its way when it was killed is taken up after a minute.
        _wait_for(lambda: len({got.said["id"] for got in desk.got}) == EVENTS, seconds=100)
        worker.kill()

    assert len({got.said["data"]["payment_id"] for got in desk.got}) == EVENTS
    assert EVENTS <= len(desk.got) <= EVENTS + 3, "at most the one on its way comes twice, per kill"


def _wait_for(happened, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)
