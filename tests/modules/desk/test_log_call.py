"""Logging a call: one use case over call, case, worklist, timeline and promise."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from recoup.core.money import Money
from recoup.modules.assignment.models import WorklistItem
from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.comms.models import Call
from recoup.modules.comms.rules import CallRefused, CallResult, NextStep
from recoup.modules.desk import services
from recoup.modules.parties.models import ContactPoint
from recoup.modules.plans.models import Promise
from recoup.modules.plans.services import PromiseGiven
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    first_contact_point,
    make_call,
    make_case,
    make_collector,
    make_contact_point,
    make_contract,
    make_party,
    make_promise,
    make_worklist_item,
    monthly_dues,
)

pytestmark = pytest.mark.django_db
FORM = UUID("7b1f6f0e-6f0d-4f2a-9f59-0b8a4f7c1a01")
FRIDAY_NEXT = date(2026, 11, 27)


@pytest.fixture
def desk():
    """Liu at her desk with Wang's case, three instalments late."""
    return Desk()


class Desk:
    def __init__(self) -> None:
        self.liu = make_collector()
        self.wang = make_party("王小强")
        self.contract = make_contract(
            borrower_id=self.wang, dues=monthly_dues(date(2026, 9, 13), 12)
        )
        self.case = make_case(self.contract, collector=self.liu)
        make_worklist_item(self.case, self.liu)
        self.number = first_contact_point(self.wang)

    def log(
        self, result: CallResult = CallResult.NO_ANSWER, **given: object
    ) -> services.LoggedCall:
        said = {
            "contract_id": self.contract,
            "contact_point_id": self.number,
            "result": result,
            "identity_checked": True,
            "note": "",
            "form_key": uuid4(),
            "actor_id": self.liu.pk,
            "at": AT_TEN,
            "as_of": BUSINESS_DAY,
        }
        return services.log_call(**(said | given))

    def refused(self, result: CallResult = CallResult.NO_ANSWER, **given: object) -> set[str]:
        with pytest.raises(CallRefused) as refusal:
            self.log(result, **given)
        self.assert_nothing_changed()
        return {no.code for no in refusal.value.reasons}

    def assert_nothing_changed(self) -> None:
        assert not TimelineEntry.objects.exists()
        assert not Promise.objects.exists()
        assert Case.objects.get().last_worked_at is None
        assert WorklistItem.objects.get().done_at is None
        assert not Call.objects.filter(business_on=BUSINESS_DAY, at=AT_TEN).exists()


def test_liu_logs_a_call_nobody_answered_and_the_case_leaves_her_list_until_tomorrow(desk):
    saved = desk.log(CallResult.NO_ANSWER, note="  响铃 30 秒  ")

    case, call = Case.objects.get(), Call.objects.get()
    assert (saved.next_step, saved.next_step_on) == (NextStep.CALL, date(2026, 11, 21))
    assert (case.last_worked_at, case.last_result, case.next_step, case.next_step_on) == (
        AT_TEN, "NO_ANSWER", "CALL", date(2026, 11, 21),
    )  # fmt: skip
    assert (call.answered, call.right_party, call.note) == (False, False, "响铃 30 秒")
    assert WorklistItem.objects.get().done_at == AT_TEN
    entry = TimelineEntry.objects.get()
    assert (entry.kind, entry.actor_id, entry.at) == ("CALL_LOGGED", desk.liu.pk, AT_TEN)
    assert entry.facts["note"] == "响铃 30 秒"


def test_wang_promises_and_the_case_waits_for_the_promised_day(desk):
    promise = PromiseGiven(Money(640_000, "CNY"), date(2026, 11, 24))

    saved = desk.log(CallResult.PROMISE, promise=promise)

    kept = Promise.objects.get()
    assert (kept.amount_minor, kept.due_on, kept.state) == (640_000, date(2026, 11, 24), "OPEN")
    assert (saved.next_step, saved.next_step_on) == (NextStep.WATCH_PROMISE, date(2026, 11, 24))
    kinds = list(TimelineEntry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["CALL_LOGGED", "PROMISE_TAKEN"]


def test_a_new_promise_replaces_the_open_one(desk):
    make_promise(desk.case, due_on=date(2026, 11, 22), actor=desk.liu)
    desk.log(CallResult.PROMISE, promise=PromiseGiven(Money(500_000, "CNY"), FRIDAY_NEXT))

    states = list(Promise.objects.order_by("id").values_list("state", "amount_minor"))
    assert states == [("REPLACED", 640_000), ("OPEN", 500_000)]


def test_the_same_form_sent_twice_is_one_call(desk):
    first = desk.log(form_key=FORM)
    second = desk.log(form_key=FORM)

    assert second.call_id == first.call_id
    assert second.was_saved_before
    assert Call.objects.count() == 1
    assert TimelineEntry.objects.count() == 1


def test_the_debt_is_not_discussed_before_the_identity_check(desk):
    assert desk.refused(CallResult.REFUSES, identity_checked=False) == {"identity_unchecked"}


def test_a_dispute_needs_words(desk):
    assert desk.refused(CallResult.DISPUTES, note="   ") == {"note_missing"}


def test_a_promise_needs_amount_and_day_and_nothing_else_takes_them(desk):
    promise = PromiseGiven(Money(100, "CNY"), FRIDAY_NEXT)
    assert desk.refused(CallResult.PROMISE) == {"promise_missing"}
    assert desk.refused(CallResult.NO_ANSWER, promise=promise) == {"promise_unasked"}


@pytest.mark.parametrize(
    ("amount_minor", "due_on", "codes"),
    [
        (0, FRIDAY_NEXT, {"promise_not_positive"}),
        (100, BUSINESS_DAY - timedelta(days=1), {"promise_day_past"}),
        (100, BUSINESS_DAY + timedelta(days=32), {"promise_day_too_far"}),
        (10**12, FRIDAY_NEXT, {"promise_above_owed"}),
        (10**12, date(2027, 5, 1), {"promise_above_owed", "promise_day_too_far"}),
    ],
)
def test_an_unsound_promise_is_refused_with_every_reason(desk, amount_minor, due_on, codes):
    promise = PromiseGiven(Money(amount_minor, "CNY"), due_on)
    assert desk.refused(CallResult.PROMISE, promise=promise) == codes


def test_today_and_the_last_day_allowed_may_be_promised(desk):
    for due_on in (BUSINESS_DAY, BUSINESS_DAY + timedelta(days=31)):
        desk.log(CallResult.PROMISE, promise=PromiseGiven(Money(100, "CNY"), due_on))
    assert Promise.objects.count() == 2


def test_a_number_of_nobody_in_the_contract_is_refused(desk):
    stranger = first_contact_point(make_party("路人甲", phone="13911119999"))
    assert desk.refused(contact_point_id=stranger) == {"contact_point_foreign"}
    assert desk.refused(contact_point_id=999_999) == {"contact_point_foreign"}


def test_an_address_cannot_be_called(desk):
    address = make_contact_point(desk.wang, "世纪大道 100 号", kind="ADDRESS")
    assert desk.refused(contact_point_id=address) == {"not_a_number_to_call"}


def test_the_gate_refuses_a_call_at_night_and_says_so_beside_every_other_reason(desk):
    codes = desk.refused(CallResult.DISPUTES, identity_checked=False, at=AT_TEN.replace(hour=23))
    assert codes == {"identity_unchecked", "note_missing", "contact_refused"}


def test_a_debtor_who_calls_us_at_night_is_heard(desk):
    saved = desk.log(CallResult.CALL_BACK, inbound=True, at=AT_TEN.replace(hour=23))
    assert Call.objects.get(id=saved.call_id).inbound


def test_the_fourth_conversation_of_the_day_is_refused(desk):
    for hours in (1, 2, 3):
        at = AT_TEN - timedelta(minutes=30 * hours)
        make_call(desk.case, desk.wang, CallResult.CALL_BACK, at, actor=desk.liu)
    assert desk.refused(CallResult.CALL_BACK) == {"contact_refused"}


def test_a_contract_without_a_live_case_takes_no_call(desk):
    Case.objects.update(state="CURED", closed_on=BUSINESS_DAY)
    assert desk.refused() == {"no_live_case"}


def test_a_wrong_number_is_marked_and_another_is_called_next(desk):
    saved = desk.log(CallResult.WRONG_NUMBER, identity_checked=False)

    assert not ContactPoint.objects.get(id=desk.number).is_valid
    assert saved.next_step is NextStep.CALL_OTHER_NUMBER


def test_a_call_on_a_case_a_colleague_holds_is_kept_and_both_stand(desk):
    li_na = make_collector("li_na", "李娜")
    WorklistItem.objects.update(taken_at=AT_TEN)

    desk.log(CallResult.NO_ANSWER, actor_id=li_na.pk)

    assert Call.objects.get().actor_id == li_na.pk
    assert TimelineEntry.objects.get().actor_id == li_na.pk
