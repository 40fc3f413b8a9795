"""The night killed for real, and people at work while it runs: real processes, real commits."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, connections, transaction
from psycopg.conninfo import make_conninfo

from recoup.foundation.access.context import as_system
from recoup.foundation.business_day import business_day
from recoup.interfaces.worker.night import run_night
from recoup.modules.ledger import queries, services
from recoup.modules.ledger.posting import post_payments
from recoup.modules.workforce.models import Team, User
from tests.interfaces.worker.test_night import APRIL_1, MARCH_31, everything, late, noon, pay

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = """
import datetime, django
django.setup()
from django.conf import settings
from recoup.interfaces.worker.night import run_night
run_night(as_of=datetime.date(2024, 3, 31))
"""
WAITING = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def wang():
    """A contract 46 days late on 31 March 2024, with a payment the night has not seen."""
    team = Team.objects.create(code="T1", name="Team 1")
    User.objects.create(username="liu_min", team=team, takes_cases=True)
    contract_id = late(date(2024, 2, 14), 1)
    late(date(2024, 3, 23), 2)
    pay(contract_id, 1_500_00, date(2024, 3, 30))
    return contract_id


def start_night() -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    url = make_conninfo(
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"] or None,
        host=database["HOST"],
        port=database["PORT"] or None,
    )
    environment = os.environ | {
        "RECOUP_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "recoup.config.settings",
    }
    return subprocess.Popen([sys.executable, "-c", NIGHT], env=environment)


def wait_until_blocked() -> None:
    """Asked on a connection of its own: within a transaction the view does not change."""
    elsewhere = connection.copy()
    try:
        for _ in range(600):
            with elsewhere.cursor() as cursor:
                cursor.execute(WAITING)
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.05)
        pytest.fail("the night never reached the locked row")
    finally:
        elsewhere.close()


@pytest.mark.parametrize("table", ["ledger_account", "arrears_snapshot"])
def test_a_night_killed_with_signal_9_goes_on_without_a_double_entry(wang, table):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        night = start_night()
        wait_until_blocked()
        night.send_signal(signal.SIGKILL)
        night.wait(timeout=30)

    assert business_day() is None
    assert run_night(as_of=MARCH_31)
    after_the_kill = everything()
    assert len(after_the_kill["entries"]) == 7
    assert sum(e[4] for e in after_the_kill["entries"] if e[2] == 1) == 1_500_00
    assert not run_night(as_of=MARCH_31)
    assert everything() == after_the_kill


def as_the_desk(does: Callable[..., None]) -> Callable[..., None]:
    """A thread begins with nobody in."""

    def acting(*given: int) -> None:
        with as_system("tests"):
            does(*given)

    return acting


def test_a_payment_at_the_desk_waits_for_the_night_and_is_not_refused(wang):
    outcome: list[object] = []

    def at_the_desk() -> None:
        try:
            outcome.append(
                services.record_payment(
                    contract_id=wang,
                    amount_minor=100_00,
                    currency="CNY",
                    value_on=MARCH_31,
                    channel="CASH",
                    reference="R-1",
                    actor_id=1,
                    at=noon(APRIL_1),
                    as_of=MARCH_31,
                )
            )
        finally:
            connections.close_all()

    with transaction.atomic():
        post_payments(as_of=MARCH_31, at=noon(MARCH_31))
        desk = threading.Thread(target=as_the_desk(at_the_desk))
        desk.start()
        wait_until_blocked()
    desk.join(timeout=30)

    assert len(outcome) == 1
    replayed = queries.loan_account(contract_id=wang, as_of=MARCH_31)
    booked = queries.account(contract_id=wang)
    assert booked.principal_open_minor == sum(s.principal_open for s in replayed.states)
    assert sum(p.amount_minor for p in queries.payments(contract_id=wang)) == 1_600_00


def test_two_desks_posting_to_one_account_take_turns(wang):
    errors: list[BaseException] = []

    def post(number: int) -> None:
        try:
            services.record_payment(
                contract_id=wang, amount_minor=50_00 + number, currency="CNY", value_on=MARCH_31,
                channel="CASH", reference=f"R-{number}", actor_id=1, at=noon(APRIL_1),
                as_of=MARCH_31,
            )  # fmt: skip
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            errors.append(error)
        finally:
            connections.close_all()

    desks = [threading.Thread(target=as_the_desk(post), args=[n]) for n in range(6)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join(timeout=60)

    assert errors == []
    replayed = queries.loan_account(contract_id=wang, as_of=MARCH_31)
    assert [(s.seq, s.principal_paid, s.penalty_paid) for s in replayed.states] == [
        (d.seq, d.principal_paid_minor, d.penalty_paid_minor)
        for d in _dues(wang)
    ]  # fmt: skip


def _dues(contract_id: int):
    from recoup.modules.ledger.models import Due  # noqa: PLC0415 - a look behind the queries

    return Due.objects.filter(contract_id=contract_id).order_by("seq")
