"""The night over a whole portfolio: what a morning looks like after it, and after a kill."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Model

from recoup.core.account import Due, Terms
from recoup.foundation.business_day import business_day
from recoup.foundation.journal import DayAlreadyPassed, JobAlreadyRunning, run_job
from recoup.foundation.models import JobRun, JobStep
from recoup.interfaces.worker.night import STEPS, run_night
from recoup.modules.analytics.models import DayFlow
from recoup.modules.assignment.models import WorklistItem
from recoup.modules.assignment.services import take_next
from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.ledger.models import Entry, Payment
from recoup.modules.plans.models import Promise
from recoup.modules.strategy.models import Decision
from recoup.modules.workforce.models import Team, User
from tests.modules.ledger.portfolios import History
from tests.modules.ledger.test_posting_equals_core import noon, open_account

pytestmark = pytest.mark.django_db
MARCH_31 = date(2024, 3, 31)
APRIL_1 = MARCH_31 + timedelta(days=1)


@pytest.fixture
def collectors():
    team = Team.objects.create(code="T1", name="Team 1")
    return [
        User.objects.create(username=name, team=team, takes_cases=True)
        for name in ("liu_min", "chen_jie")
    ]


def monthly(first: date, count: int = 6) -> tuple[Due, ...]:
    months = [(first.year * 12 + first.month - 1 + n) for n in range(count)]
    days = [date(m // 12, m % 12 + 1, min(first.day, 28)) for m in months]
    return tuple(Due(n, day, 900_00, 100_00) for n, day in enumerate(days, start=1))


def late(first: date, number: int) -> int:
    """A contract whose every instalment since `first` is unpaid."""
    return open_account(History(Terms("CNY", 126_000), monthly(first), ()), number)


@pytest.fixture
def portfolio(collectors):
    """Named by how late they are on 31 March 2024."""
    return {
        "liu_2_days_late": late(date(2024, 3, 29).replace(day=28), 1),
        "wang_46_days_late": late(date(2024, 2, 14), 2),
        "zhao_90_days_late": late(date(2024, 1, 1), 3),
        "sun_on_time": late(date(2024, 4, 20), 4),
        "he_8_days_late": late(date(2024, 3, 23), 5),
    }


def pay(contract_id: int, amount: int, day: date) -> None:
    Payment.objects.create(
        contract_id=contract_id, value_on=day, amount_minor=amount, currency="CNY",
        channel="TRANSFER", received_at=noon(day),
    )  # fmt: skip


def test_a_morning_has_cases_treatments_collectors_and_worklists(portfolio):
    assert run_night(as_of=MARCH_31)

    cases = {c.contract_id: c for c in Case.objects.all()}
    assert portfolio["sun_on_time"] not in cases
    assert cases[portfolio["wang_46_days_late"]].bucket == 2
    assert cases[portfolio["wang_46_days_late"]].treatment == "PHONE"
    assert cases[portfolio["zhao_90_days_late"]].treatment == "PHONE_AND_VISIT"
    loads = [Case.objects.filter(collector_id=u.id).count() for u in User.objects.all()]
    assert loads == [2, 2]
    assert WorklistItem.objects.filter(as_of=MARCH_31).count() == 4
    assert Decision.objects.filter(as_of=MARCH_31).count() == 4
    assert all(d.reasons for d in Decision.objects.all())
    assert DayFlow.objects.filter(from_bucket=0).count() == 3
    assert business_day() == MARCH_31


def test_paying_all_arrears_cures_the_case_and_a_new_month_opens_another(portfolio):
    run_night(as_of=MARCH_31)
    contract_id = portfolio["he_8_days_late"]
    pay(contract_id, 1_100_00, APRIL_1)

    run_night(as_of=APRIL_1)

    case = Case.objects.get(contract_id=contract_id)
    assert (case.state, case.closed_on) == ("CURED", APRIL_1)
    kinds = TimelineEntry.objects.filter(contract_id=contract_id).values_list("kind", flat=True)
    assert list(kinds.order_by("id")) == ["CASE_OPENED", "CASE_ASSIGNED", "CASE_CURED"]
    # 1,100.00 less the penalty went in advance to the instalment of 23 April; it falls short.
    run_night(as_of=date(2024, 4, 30))
    assert Case.objects.filter(contract_id=contract_id, state="OPEN").count() == 1


def test_promises_are_decided_by_the_money(portfolio, collectors):
    run_night(as_of=MARCH_31)
    kept, broken = portfolio["he_8_days_late"], portfolio["wang_46_days_late"]
    for contract_id in (kept, broken):
        Promise.objects.create(
            contract_id=contract_id, case_id=Case.objects.get(contract_id=contract_id).id,
            amount_minor=500_00, currency="CNY", taken_on=MARCH_31, due_on=APRIL_1,
            taken_at=noon(MARCH_31), taken_by=collectors[0].id,
        )  # fmt: skip
    pay(kept, 500_00, APRIL_1)

    run_night(as_of=APRIL_1)
    assert Promise.objects.get(contract_id=kept).state == "KEPT"
    assert Promise.objects.get(contract_id=broken).state == "OPEN"
    run_night(as_of=date(2024, 4, 2))
    assert Promise.objects.get(contract_id=broken).state == "BROKEN"
    first = WorklistItem.objects.filter(as_of=date(2024, 4, 2)).order_by("-priority").first()
    assert (first.contract_id, first.reasons[0]) == (broken, "PROMISE_BROKEN")


def test_a_finished_night_is_not_run_again(portfolio):
    run_night(as_of=MARCH_31)
    before = everything()
    assert not run_night(as_of=MARCH_31)
    assert everything() == before


def test_a_clock_set_back_is_refused_and_leaves_no_trace(portfolio):
    run_night(as_of=MARCH_31)
    before = everything()
    with pytest.raises(DayAlreadyPassed):
        run_night(as_of=date(2024, 3, 30))
    assert everything() == before


class Killed(Exception):
    """Stands for the process ending in the middle of a step."""


@pytest.mark.parametrize("position", range(len(STEPS)))
def test_a_night_stopped_in_any_step_ends_as_if_it_had_not_been(portfolio, position):
    pay(portfolio["wang_46_days_late"], 1_500_00, date(2024, 3, 30))
    undisturbed = tried_and_taken_back(MARCH_31)

    def stop_after_the_work(day, at):
        STEPS[position].do(day, at)
        raise Killed

    broken = [*STEPS[:position], type(STEPS[0])(STEPS[position].name, stop_after_the_work)]
    with pytest.raises(Killed):
        run_job(name="night", business_day=MARCH_31, steps=broken, clock=lambda: noon(MARCH_31))
    assert business_day() is None
    assert JobStep.objects.count() == position

    run_night(as_of=MARCH_31, clock=lambda: noon(APRIL_1))
    assert everything() == undisturbed
    assert JobRun.objects.get().attempts == 2
    assert set(TimelineEntry.objects.values_list("at", flat=True)) == {noon(MARCH_31)}


def tried_and_taken_back(as_of: date) -> dict[str, object]:
    """What an undisturbed night makes of the same evening."""
    evening = transaction.savepoint()
    run_night(as_of=as_of)
    found = everything()
    transaction.savepoint_rollback(evening)
    return found


def everything() -> dict[str, object]:
    """What a second night must not change."""
    return {
        "entries": amounts(Entry, "contract_id", "seq", "debit", "credit", "amount_minor"),
        "timeline": amounts(TimelineEntry, "contract_id", "kind", "facts"),
        "cases": list(Case.objects.order_by("id").values_list("state", "bucket", "collector_id")),
        "worklist": WorklistItem.objects.count(),
        "decisions": Decision.objects.count(),
        "flows": DayFlow.objects.count(),
    }


def amounts(model: type[Model], *fields: str) -> list[tuple[object, ...]]:
    return sorted(model.objects.values_list(*fields), key=repr)


def test_two_nights_at_once_are_refused(portfolio):
    elsewhere = connection.copy()
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('job:night'))")
        with pytest.raises(JobAlreadyRunning):
            run_night(as_of=MARCH_31)
        cursor.execute("SELECT pg_advisory_unlock_all()")
    elsewhere.close()
    assert not JobRun.objects.exists()


def test_the_next_case_is_never_given_twice(portfolio, collectors):
    run_night(as_of=MARCH_31)
    at = datetime(2024, 4, 1, 9, tzinfo=UTC)
    taken = [
        take_next(collector_id=user.id, at=at, as_of=MARCH_31)
        for user in collectors
        for _ in range(3)
    ]
    given = [case.case_id for case in taken if case]
    assert len(given) == len(set(given)) == 4
    assert TimelineEntry.objects.filter(kind="CASE_TAKEN").count() == 4
