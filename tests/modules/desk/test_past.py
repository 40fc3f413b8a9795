"""Wang paid in time and we learned of it late: what follows at once, and what stays as history."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recoup.foundation.access.context import held
from recoup.foundation.access.entering import enter, leave
from recoup.foundation.access.roles import Role
from recoup.interfaces.worker.night import run_night
from recoup.modules.arrears import queries as arrears
from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.ledger import services
from recoup.modules.ledger.models import Payment
from recoup.modules.ledger.rules import Channel
from recoup.modules.plans.models import Promise
from tests.factories import make_collector, make_contract, make_promise
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTS = [date(2026, 11, day) for day in (16, 17, 18, 19, 20)]
LAST = NIGHTS[-1]
INSTALMENT = 540_000


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 21, tzinfo=UTC)


def sleep(*nights: date) -> None:
    for night in nights:
        run_night(as_of=night, clock=lambda night=night: evening(night))


@pytest.fixture
def wang():
    """One instalment of 13 November, unpaid as far as we know; a promise for the 17th, broken."""
    contract = make_contract(dues=[(date(2026, 11, 13), 500_000, 40_000)])
    sleep(*NIGHTS[:1])
    case = Case.objects.get(contract_id=contract)
    liu = make_collector()
    make_promise(
        case.pk, amount_minor=INSTALMENT, due_on=NIGHTS[1], actor=liu, taken_on=date(2026, 11, 14)
    )
    sleep(*NIGHTS[1:])
    assert Promise.objects.get().state == "BROKEN"
    return contract


@pytest.fixture
def chen():
    """Of finance, in a web process."""
    user = make_collector("chen_wei", "陈伟", role="FINANCE")
    with working_as(Role.WEB):
        access = enter(user.pk, on=LAST, has_second_factor=True)
        with held(access.access):
            yield user
        leave()


def pay(contract: int, user, minor: int, value_on: date) -> int:
    return services.record_payment(
        contract_id=contract,
        amount_minor=minor,
        currency="CNY",
        value_on=value_on,
        channel=Channel.TRANSFER,
        reference="LATE-1",
        actor_id=user.pk,
        at=evening(LAST) + timedelta(hours=12),
        as_of=LAST,
    )


def kinds(contract: int) -> list[str]:
    found = TimelineEntry.objects.filter(contract_id=contract).order_by("id")
    return list(found.values_list("kind", flat=True))


def test_a_broken_promise_that_was_kept_in_time_is_kept_and_the_case_is_cured(wang, chen):
    pay(wang, chen, INSTALMENT + 3_00, date(2026, 11, 14))

    promise, case = Promise.objects.get(), Case.objects.get()
    assert (promise.state, promise.paid_minor) == ("KEPT", INSTALMENT + 3_00)
    assert (case.state, case.closed_on) == ("CURED", LAST)
    assert kinds(wang)[-3:] == ["PROMISE_BROKEN", "PROMISE_KEPT", "CASE_CURED"]
    told = TimelineEntry.objects.filter(kind="PROMISE_KEPT").get()
    assert (told.facts["was"], told.actor_id) == ("BROKEN", chen.pk)


def test_what_the_nights_had_found_is_still_told(wang, chen):
    before = [arrears.snapshot(contract_id=wang, as_of=night) for night in NIGHTS]
    assert all(before)

    pay(wang, chen, INSTALMENT + 3_00, date(2026, 11, 14))

    assert [arrears.snapshot(contract_id=wang, as_of=night) for night in NIGHTS] == [None] * 5
    morning = evening(LAST) + timedelta(hours=1)
    then = [arrears.snapshot(contract_id=wang, as_of=night, known_by=morning) for night in NIGHTS]
    assert then == before


def test_a_payment_valued_on_the_business_day_waits_for_the_night(wang, chen):
    pay(wang, chen, INSTALMENT + 10_00, LAST)

    assert Promise.objects.get().state == "BROKEN"
    assert Case.objects.get().state == "OPEN"
    assert arrears.snapshot(contract_id=wang, as_of=LAST) is not None


def test_a_kept_promise_whose_money_bounced_is_broken_and_the_case_is_opened_again(wang, chen):
    payment = pay(wang, chen, INSTALMENT + 3_00, date(2026, 11, 14))
    with working_as(Role.OWNER):
        Payment.objects.filter(id=payment).update(recorded_by=None)

    services.reverse_payment(
        contract_id=wang,
        payment_id=payment,
        reason="退票",
        actor_id=chen.pk,
        at=evening(LAST) + timedelta(hours=13),
        as_of=LAST,
    )

    assert Promise.objects.get().state == "BROKEN"
    live = Case.objects.get(closed_on=None)
    assert (live.opened_on, live.bucket) == (LAST, 1)
    assert kinds(wang)[-2:] == ["PROMISE_BROKEN", "CASE_OPENED"]


def test_in_the_night_the_steps_after_the_posting_follow_for_all(wang):
    Payment.objects.create(
        contract_id=wang,
        value_on=date(2026, 11, 14),
        amount_minor=INSTALMENT + 3_00,
        currency="CNY",
        channel="TRANSFER",
        received_at=evening(LAST),
    )

    sleep(date(2026, 11, 21))

    assert Promise.objects.get().state == "KEPT"
    assert kinds(wang).count("PROMISE_KEPT") == 1
    assert Case.objects.get().state == "CURED"
    assert arrears.snapshot(contract_id=wang, as_of=LAST) is None
