"""What is over, or objected to, is kept and not used: by services, the night, lists and files."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recoup.foundation.access.context import NotAllowed, as_system, held
from recoup.foundation.access.rights import Right
from recoup.foundation.access.roles import Role
from recoup.foundation.audit.models import Event
from recoup.interfaces.worker.night import run_night
from recoup.modules.assignment.models import WorklistItem
from recoup.modules.cases import services as cases
from recoup.modules.cases.models import Case
from recoup.modules.cases.rules import NoLiveCase
from recoup.modules.contracts.models import Contract
from recoup.modules.exports import lists
from recoup.modules.exports.lists import Scope
from recoup.modules.exports.rules import FileFormat, ListCode, Wanted
from recoup.modules.ledger.models import Payment
from recoup.modules.parties import services as parties
from recoup.modules.parties.models import Party
from recoup.modules.parties.rules import NothingToReveal, Purpose
from recoup.modules.parties.services import Asked
from recoup.modules.privacy import jobs, rules, services
from recoup.modules.privacy.models import Restriction
from recoup.modules.privacy.rules import HoldScope, RestrictionCause, RestrictionScope
from recoup.modules.strategy.models import Decision
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db(transaction=True)
OBJECTION = RestrictionCause.OBJECTION


def night_passes(archive, as_of: date = BUSINESS_DAY) -> int:
    with as_system("privacy"), working_as(Role.WORKER):
        return jobs.restrict_due(as_of=as_of, at=AT_TEN)


def locked() -> tuple[set[int], set[int]]:
    """People and contracts."""
    return (
        set(Party.objects.filter(is_locked=True).values_list("id", flat=True)),
        set(Contract.objects.filter(is_locked=True).values_list("id", flat=True)),
    )


def restricted(archive, **more: Any) -> int:
    asked = {
        "scope": RestrictionScope.PERSON, "subject_id": archive.zhao, "lender_id": archive.lender,
        "cause": OBJECTION, "reason": "objects to phone calls", "actor_id": archive.cao.pk,
        "at": AT_TEN,
    }  # fmt: skip
    with archive.as_cao():
        return services.restrict(**(asked | more))


def test_what_is_past_its_term_is_kept_and_not_used(archive):
    standing = night_passes(archive)

    assert locked() == ({archive.wang, archive.lin}, {archive.wangs})
    assert standing == 3
    assert night_passes(archive) == 3, "once, however often it is asked"
    assert Restriction.objects.count() == 3


def test_a_term_runs_out_on_its_day_and_not_before(archive):
    night_passes(archive, date(2028, 3, 30))
    assert archive.chens not in locked()[1]

    night_passes(archive, date(2028, 3, 31))

    assert archive.chens in locked()[1], "three years after the end: nobody needs it any more"
    assert archive.chen in locked()[0], "for ten years the law wants it kept, not used"
    assert Party.objects.get(pk=archive.chen).name_masked == "陈*"


def test_a_legal_hold_keeps_from_deletion_and_not_from_restriction(archive):
    with archive.as_cao():
        services.place_hold(
            scope=HoldScope.LENDER, subject_id=archive.lender, lender_id=archive.lender,
            reason="suit is pending", reference="", until=None, actor_id=archive.cao.pk,
            at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip

    night_passes(archive)

    assert locked() == ({archive.wang, archive.lin}, {archive.wangs})


def test_what_is_in_use_again_is_free_again(archive):
    night_passes(archive)
    factories.make_contract(number="AF2026-7", borrower_id=archive.wang)

    night_passes(archive)

    assert locked() == ({archive.lin}, {archive.wangs})
    wangs = Restriction.objects.get(scope="PERSON", subject_id=archive.wang)
    assert (wangs.lifted_by, wangs.lifted_reason) == (None, "in use again")


def test_an_objection_keeps_the_person_and_what_they_borrowed_from_use(archive):
    number = restricted(archive)

    assert locked() == ({archive.zhao}, {archive.zhaos})
    event = Event.objects.get(act="RESTRICTED")
    assert event.facts == {"scope": "PERSON", "subject": archive.zhao, "cause": "OBJECTION"}
    with archive.as_cao():
        services.lift_restriction(
            restriction_id=number, reason="taken back", actor_id=archive.cao.pk, at=AT_TEN
        )
    assert locked() == (set(), set())


@pytest.mark.parametrize(
    ("more", "no"),
    [
        ({"reason": " "}, rules.TextMissing),
        ({"cause": RestrictionCause.TERM}, rules.SetByTheSchedule),
        ({"subject_id": 999_999}, rules.NotFound),
        ({"scope": RestrictionScope.CONTRACT, "subject_id": 999_999}, rules.NotFound),
        ({"lender_id": 999_999}, rules.NotFound),
    ],
)
def test_what_is_refused_restricts_nothing(archive, more, no):
    with pytest.raises(no):
        restricted(archive, **more)

    assert locked() == (set(), set())
    assert not Restriction.objects.exists()


def test_a_cause_restricts_once_and_is_lifted_once(archive):
    number = restricted(archive)
    with pytest.raises(rules.AlreadyRestricted):
        restricted(archive)
    with archive.as_cao():
        services.lift_restriction(
            restriction_id=number, reason="taken back", actor_id=archive.cao.pk, at=AT_TEN
        )
        with pytest.raises(rules.MoveRefused):
            services.lift_restriction(
                restriction_id=number, reason="again", actor_id=archive.cao.pk, at=AT_TEN
            )
    assert Restriction.objects.get().lifted_reason == "taken back"


def test_nobody_lifts_what_the_schedule_set_and_the_register_is_kept(archive):
    night_passes(archive)
    row = Restriction.objects.filter(scope="CONTRACT").get()

    with archive.as_cao(), pytest.raises(rules.SetByTheSchedule):
        services.lift_restriction(
            restriction_id=row.pk, reason="please", actor_id=archive.cao.pk, at=AT_TEN
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.filter(pk=row.pk).update(cause="UNLAWFUL", placed_by=1, reason="x")
    assert locked()[1] == {archive.wangs}


def test_without_the_right_nothing_is_restricted_or_lifted(archive):
    number = restricted(archive)
    access = archive.access(archive.liu, rights=frozenset({Right.SEE_CASES}))
    with held(access), pytest.raises(NotAllowed):
        services.lift_restriction(
            restriction_id=number, reason="please", actor_id=archive.liu.pk, at=AT_TEN
        )
    with held(access), pytest.raises(NotAllowed):
        services.restrict(
            scope=RestrictionScope.PERSON, subject_id=archive.chen, lender_id=archive.lender,
            cause=OBJECTION, reason="no reason", actor_id=archive.liu.pk, at=AT_TEN,
        )  # fmt: skip
    assert locked()[0] == {archive.zhao}


class TestALiveCase:
    """Zhao owes since September and her case is Liu Min's."""

    @pytest.fixture
    def zhao(self, archive):
        archive.case = factories.make_case(archive.zhaos, collector=archive.liu)
        archive.item = factories.make_worklist_item(archive.case, archive.liu)
        return archive

    def test_it_leaves_todays_list_at_once(self, zhao):
        restricted(zhao)

        assert not WorklistItem.objects.filter(case_id=zhao.case).exists()
        assert Case.objects.get(pk=zhao.case).is_locked

    def test_nobody_works_it_moves_it_or_places_it(self, zhao):
        restricted(zhao)

        work = frozenset({Right.WORK_CASES, Right.SEE_CASES})
        with held(zhao.access(zhao.liu, rights=work)):
            with pytest.raises(NoLiveCase):
                cases.hold_case(
                    contract_id=zhao.zhaos, reason="x", actor_id=zhao.liu.pk, at=AT_TEN,
                    as_of=BUSINESS_DAY,
                )  # fmt: skip
            with transaction.atomic():
                assert cases.place_cases(case_ids=[zhao.case], agency_id=1) == {}
        assert Case.objects.get(pk=zhao.case).state == "OPEN"

    def test_her_name_is_opened_for_her_own_file_only(self, zhao):
        restricted(zhao)
        asked = Asked(Purpose.LEGAL, "data request", zhao.liu.pk, AT_TEN)

        rights = frozenset({Right.SEE_CASES, Right.REVEAL})
        with (
            held(zhao.access(zhao.liu, rights=rights)),
            transaction.atomic(),
            pytest.raises(NothingToReveal),
        ):
            parties.reveal(party_id=zhao.zhao, asked=asked)
        with zhao.as_cao(), transaction.atomic():
            assert parties.reveal(party_id=zhao.zhao, asked=asked).name == "赵芳"

    def test_no_file_takes_her_out_of_the_house(self, zhao):
        def rows(code: ListCode) -> int:
            wanted = Wanted(code, zhao.lender, FileFormat.CSV)
            scope = Scope(zhao.access(zhao.liu).reach, zhao.liu.pk, None, None)
            return lists.count(wanted=wanted, scope=scope, as_of=BUSINESS_DAY)

        factories.make_promise(zhao.case, due_on=BUSINESS_DAY, actor=zhao.liu)
        Payment.objects.create(
            contract_id=zhao.zhaos, value_on=BUSINESS_DAY, amount_minor=100, currency="CNY",
            channel="TRANSFER", received_at=AT_TEN,
        )  # fmt: skip
        before = {code: rows(code) for code in ListCode}
        assert min(before.values()) == 1
        restricted(zhao)

        assert {code: rows(code) for code in ListCode} == dict.fromkeys(ListCode, 0)


def test_the_night_neither_opens_decides_nor_lists_what_is_restricted_but_books_its_money(clocked):
    archive, night = clocked
    late = factories.make_contract(number="AF2026-8", borrower_id=archive.zhao)
    other = factories.make_contract(number="AF2026-9", borrower_id=archive.chen)
    restricted(archive)
    Payment.objects.create(
        contract_id=late, value_on=night, amount_minor=100, currency="CNY", channel="TRANSFER",
        received_at=AT_TEN,
    )  # fmt: skip

    with as_system("night"):
        run_night(as_of=night, clock=lambda: AT_TEN)

    opened = set(Case.objects.filter(closed_on=None).values_list("contract_id", flat=True))
    assert late not in opened
    assert other in opened
    decided = Case.objects.filter(pk__in=Decision.objects.filter(as_of=night).values("case_id"))
    assert {case.contract_id for case in decided} == opened
    listed = set(WorklistItem.objects.filter(as_of=night).values_list("contract_id", flat=True))
    assert listed == opened
    assert Payment.objects.get(contract_id=late).posted_at is not None


@pytest.fixture
def clocked(archive):
    return archive, BUSINESS_DAY.replace(day=BUSINESS_DAY.day + 1)
