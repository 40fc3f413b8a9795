"""From asking to done: limits, four eyes, once, and nothing of it by the back door."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.foundation.access.context import NotAllowed, SecondFactorNeeded, current, held
from recoup.foundation.access.rights import Right
from recoup.modules.approvals import acting, queries, rules, services
from recoup.modules.approvals.models import Limit, Request
from recoup.modules.approvals.rules import Kind
from tests import factories
from tests.factories import AT_TEN

pytestmark = pytest.mark.django_db(transaction=True)
FORM = UUID("7b1f6f0e-6f0d-4f2a-9f59-0b8a4f7c1a01")


def state_of(request_id: int) -> str:
    return Request.objects.get(pk=request_id).state


def test_within_ones_own_limit_it_is_granted_and_done_at_once(house):
    asked = house.ask(500_00)

    row = queries.request(asked.request_id)
    assert asked.is_granted
    assert (row.state, row.is_alone, row.decided_by) == ("DONE", True, None)
    assert [granted.request_id for granted in house.done] == [asked.request_id]


def test_above_it_waits_until_a_second_person_grants_and_then_it_is_done(house):
    asked = house.ask(500_01)
    assert (asked.is_granted, state_of(asked.request_id), house.done) == (False, "ASKED", [])

    house.decide(asked.request_id)

    row = queries.request(asked.request_id)
    assert (row.state, row.decided_name, row.asked_name) == ("DONE", "周岚", "陈伟")
    (granted,) = house.done
    assert (granted.amount, granted.facts) == (Money(500_01, "CNY"), {"part": "PENALTY"})
    assert (granted.asked_by, granted.decided_by) == (house.chen.pk, house.zhou.pk)


def test_small_ones_of_a_day_add_up_and_are_forgotten_after_it(house):
    house.ask(300_00)

    assert not house.ask(200_01).is_granted
    assert house.ask(200_00).is_granted
    assert house.ask(500_00, at=AT_TEN + timedelta(hours=25)).is_granted


def test_two_small_ones_at_once_add_up_too(house):
    def one(_number):
        try:
            return house.ask(300_00).is_granted
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(one, range(2))) == [False, True]
    assert len(house.done) == 1


def test_a_refusal_says_why_and_nothing_is_done(house):
    request_id = house.ask(900_00).request_id

    with pytest.raises(rules.ReasonTooShort):
        house.decide(request_id, grant=False, reason=" ")
    assert state_of(request_id) == "ASKED"
    house.decide(request_id, grant=False, reason="材料不齐，请补充")

    row = queries.request(request_id)
    assert (row.state, row.decision_reason, house.done) == ("REFUSED", "材料不齐，请补充", [])


def test_what_is_decided_stays_decided(house):
    request_id = house.ask(900_00).request_id
    house.decide(request_id)

    for grant in (True, False):
        with pytest.raises(rules.AlreadyDecided):
            house.decide(request_id, by=house.fang, grant=grant, reason="改主意了")
    assert (state_of(request_id), len(house.done)) == ("DONE", 1)


def test_nobody_decides_their_own_in_the_service_nor_in_the_database(house):
    request_id = house.ask(900_00).request_id

    with pytest.raises(rules.OwnRequest):
        house.decide(request_id, by=house.chen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=request_id).update(
            state="GRANTED", decided_by=house.chen.pk, decided_at=AT_TEN
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=request_id).update(
            state="GRANTED", is_alone=True, decided_at=AT_TEN
        )
    assert (state_of(request_id), house.done) == ("ASKED", [])


def test_a_decider_whose_limit_is_too_narrow_is_told_so_and_the_database_agrees(house):
    request_id = house.ask(6_000_00).request_id

    with pytest.raises(rules.AboveLimit):
        house.decide(request_id, by=house.fang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=request_id).update(
            state="GRANTED", decided_by=house.fang.pk, decided_at=AT_TEN
        )
    assert (state_of(request_id), house.done) == ("ASKED", [])
    house.decide(request_id)
    assert state_of(request_id) == "DONE"


def test_what_nobody_could_grant_is_not_even_asked(house):
    with pytest.raises(rules.AboveEveryLimit):
        house.ask(50_000_01)
    with pytest.raises(rules.AboveEveryLimit):
        house.ask(1, amount=Money(1, "EUR"))
    assert not Request.objects.exists()


def test_a_lenders_own_limit_takes_the_place_of_the_general_one(house):
    general = Limit.objects.get(kind="WAIVER", role="FINANCE", currency="CNY", lender_id=None)
    Limit.objects.create(
        kind="WAIVER", role="FINANCE", currency="CNY", lender_id=house.lender_id,
        alone_minor=100, grants_minor=200,
    )  # fmt: skip
    asked = {"kind": Kind.WAIVER, "currency": "CNY", "day": AT_TEN.date()}

    own = queries.limit_of(user_id=house.chen.pk, lender_id=house.lender_id, **asked)
    other = factories.make_lender("beta", "贝塔金融")
    else_ = queries.limit_of(user_id=house.chen.pk, lender_id=other, **asked)

    assert (own.alone_minor, own.grants_minor) == (100, 200)
    assert (else_.alone_minor, else_.grants_minor) == (general.alone_minor, general.grants_minor)
    assert not house.ask(101).is_granted


def test_a_role_without_a_limit_asks_and_never_acts_alone(house):
    asked = house.ask(1, by=house.liu)

    assert not asked.is_granted
    with pytest.raises(NotAllowed):
        house.decide(asked.request_id, by=house.liu)


@pytest.mark.parametrize("kind", [Kind.WRITE_OFF, Kind.REFUND, Kind.TRANSFER, Kind.MANUAL_POSTING])
def test_a_collector_asks_for_waivers_and_for_nothing_else(house, kind):
    with pytest.raises(NotAllowed):
        house.ask(1, by=house.liu, kind=kind)
    assert not Request.objects.exists()


def test_rights_second_factor_and_lender_are_asked_before_anything_is_decided(house):
    request_id = house.ask(900_00).request_id
    without = house.access(house.zhou, rights=frozenset({Right.SEE_CASES}))
    weak = house.access(house.zhou, has_second_factor=False)
    elsewhere = house.access(house.zhou, lender_ids=(house.lender_id + 1,))

    for access, no in (
        (without, NotAllowed),
        (weak, SecondFactorNeeded),
        (elsewhere, rules.RequestUnknown),
    ):
        with pytest.raises(no):
            house.decide(request_id, access=access)
    with pytest.raises(rules.RequestUnknown):
        house.ask(900_00, access=house.access(house.chen, lender_ids=()))
    assert (state_of(request_id), Request.objects.count(), house.done) == ("ASKED", 1, [])


def test_if_the_act_is_refused_nothing_is_decided_and_nothing_asked(house, monkeypatch):
    request_id = house.ask(900_00).request_id

    def no_longer(_granted, _doing):
        raise Refused("The penalty is paid by now.")

    monkeypatch.setitem(acting._ACTS, Kind.WAIVER, no_longer)
    with pytest.raises(Refused, match="paid by now"):
        house.decide(request_id)
    with pytest.raises(Refused, match="paid by now"):
        house.ask(100)

    row = Request.objects.get()
    assert (row.pk, row.state, row.decided_by, row.done_at) == (request_id, "ASKED", None, None)


def test_the_act_has_the_rights_it_takes_for_its_length_only(house, monkeypatch):
    seen = []
    monkeypatch.setitem(acting._ACTS, Kind.WAIVER, lambda _g, _d: seen.append(current().rights))

    with held(house.access(house.zhou)) as zhou:
        services.decide(
            request_id=house.ask(900_00).request_id, grant=True, reason="",
            actor_id=house.zhou.pk, at=AT_TEN,
        )  # fmt: skip
        assert current().rights == zhou.rights

    assert seen == [zhou.rights | {Right.POST_PAYMENTS, Right.REVERSE_PAYMENTS}]


def test_a_form_sent_twice_is_one_request_done_once(house):
    first, again = (house.ask(100_00, form_key=FORM) for _ in range(2))
    waiting = [house.ask(900_00, form_key=UUID(int=1)) for _ in range(2)]

    assert first == again
    assert waiting[0] == waiting[1]
    assert (Request.objects.count(), len(house.done)) == (2, 1)


def test_a_form_sent_again_after_it_was_refused_is_told_so(house):
    house.decide(house.ask(900_00, form_key=FORM).request_id, grant=False, reason="材料不齐")

    with pytest.raises(rules.AlreadyDecided):
        house.ask(900_00, form_key=FORM)
    assert Request.objects.count() == 1


def test_one_takes_back_what_one_asked_and_nobody_else_does(house):
    request_id = house.ask(900_00).request_id

    with held(house.access(house.zhou)), pytest.raises(rules.NotOwnRequest):
        services.withdraw(request_id=request_id, actor_id=house.zhou.pk, at=AT_TEN)
    with held(house.access(house.chen)):
        services.withdraw(request_id=request_id, actor_id=house.chen.pk, at=AT_TEN)

    assert state_of(request_id) == "WITHDRAWN"
    with pytest.raises(rules.AlreadyDecided):
        house.decide(request_id)
    assert house.done == []


def test_what_is_granted_is_used_once_by_whoever_does_it(house):
    """A plan has no act of its own yet: its maker calls `use`."""
    request_id = house.ask(900_00, kind=Kind.PLAN, by=house.liu).request_id
    use = {"request_id": request_id, "kind": Kind.PLAN, "at": AT_TEN}
    with pytest.raises(rules.NotGranted):
        services.use(**use)
    house.decide(request_id)
    with pytest.raises(rules.NotGranted):
        services.use(**(use | {"kind": Kind.WAIVER}))

    assert services.use(**use).amount == Money(900_00, "CNY")

    with pytest.raises(rules.AlreadyUsed):
        services.use(**use)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 1},
        {"reason": "something else"},
        {"facts": {}},
        {"state": "DONE", "done_at": AT_TEN},
        {"asked_by": 1},
    ],
)
def test_what_was_asked_stays_as_it_was_asked(house, change):
    request_id = house.ask(900_00).request_id
    before = Request.objects.values().get(pk=request_id)

    with pytest.raises(DatabaseError), transaction.atomic():
        Request.objects.filter(pk=request_id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Request.objects.all().delete()

    assert Request.objects.values().get(pk=request_id) == before


def test_a_decision_does_not_change_and_what_is_done_is_not_done_again(house):
    request_id = house.ask(900_00).request_id
    house.decide(request_id)
    before = Request.objects.values().get(pk=request_id)

    for change in (
        {"decision_reason": "x"},
        {"state": "GRANTED", "done_at": None},
        {"state": "ASKED", "decided_by": None, "done_at": None},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Request.objects.filter(pk=request_id).update(**change)
    assert Request.objects.values().get(pk=request_id) == before


def test_of_two_who_decide_at_once_one_does_and_it_is_done_once(house):
    request_id = house.ask(900_00).request_id

    def one(user):
        try:
            house.decide(request_id, by=user)
        except rules.AlreadyDecided as no:
            return no.code
        finally:
            connection.close()
        return "granted"

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(one, (house.zhou, house.fang)))

    assert said == ["approval_decided", "granted"]
    assert (state_of(request_id), len(house.done)) == ("DONE", 1)
