"""An original is shown for a purpose, with a reason, to who may, within a limit; all on record."""

from datetime import date, timedelta

import pytest

from recoup.foundation import db
from recoup.foundation.access.context import NOBODY, Access, NotAllowed, held
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.vault.refusals import NotYoursToOpen
from recoup.modules.cases.models import TimelineEntry
from recoup.modules.cases.rules import NoLiveCase
from recoup.modules.desk import services
from recoup.modules.parties.models import Reveal, RevealLimit
from recoup.modules.parties.rules import (
    NothingToReveal,
    Purpose,
    RevealLimitReached,
    RevealReasonMissing,
)
from recoup.modules.parties.services import Asked
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    first_contact_point,
    make_case,
    make_contact_point,
    make_contract,
    make_lender,
    make_party,
    make_vehicle,
    name_in_contract,
)

pytestmark = pytest.mark.django_db
LIU = 3


class Wang:
    """Wang's contract, with his guarantor Zhao."""

    def __init__(self):
        self.wang = make_party(
            "王小强",
            id_number="310101199001011234",
            born_on=date(1990, 1, 1),
            employer="上海示例公司",
        )
        self.address = make_contact_point(self.wang, "世纪大道100号1502室", kind="ADDRESS")
        self.mobile = first_contact_point(self.wang)
        self.zhao = make_party("赵敏敏", phone="13711112222")
        self.contract = make_contract(borrower_id=self.wang)
        name_in_contract(self.contract, self.zhao, "GUARANTOR")
        make_case(self.contract)

    def people(self, purpose=Purpose.LETTER, reason="寄送催告函", at=AT_TEN):
        asked = Asked(purpose, reason, LIU, at, self.contract)
        return self.file(asked).people

    def file(self, asked):
        return services.reveal_file(contract_id=self.contract, asked=asked, as_of=BUSINESS_DAY)

    def number(self, point, at=AT_TEN, reason=""):
        asked = Asked(Purpose.CALL, reason, LIU, at, self.contract)
        return services.reveal_number(
            contract_id=self.contract, contact_point_id=point, asked=asked, as_of=BUSINESS_DAY
        )


@pytest.fixture
def wang():
    return Wang()


def may(*rights, lenders=None):
    """Somebody with these rights, serving the lender of the tests."""
    lender_ids = (make_lender(),) if lenders is None else lenders
    return held(Access(LIU, rights=frozenset(rights), reach=Reach.ALL, lender_ids=lender_ids))


def nothing_was_kept():
    return not Reveal.objects.exists() and not TimelineEntry.objects.exists() and not _audited()


def _audited():
    return db.ask("SELECT facts, contract_ids FROM audit_event WHERE act = 'REVEALED'")


def test_everyone_in_the_contract_is_shown_and_each_showing_is_on_record(wang):
    with may(Right.REVEAL):
        shown = wang.people()

    assert (shown[wang.wang].name, shown[wang.wang].id_number) == ("王小强", "310101199001011234")
    assert shown[wang.wang].employer == "上海示例公司"
    assert shown[wang.wang].contacts == {
        wang.mobile: "13812346021",
        wang.address: "世纪大道100号1502室",
    }
    assert (shown[wang.zhao].name, shown[wang.zhao].id_number) == ("赵敏敏", "")
    kept = list(Reveal.objects.order_by("id").values_list("party_id", "purpose", "reason"))
    assert kept == [(wang.wang, "LETTER", "寄送催告函"), (wang.zhao, "LETTER", "寄送催告函")]
    entry = TimelineEntry.objects.get()
    assert (entry.kind, entry.actor_id) == ("PERSONAL_DATA_SHOWN", LIU)
    assert entry.facts == {"what": "FILE", "purpose": "LETTER", "reason": "寄送催告函"}
    assert len(_audited()) == 2
    assert "寄送" not in str(_audited())  # what was written in free words stays in one place


def test_the_birthday_the_plate_and_the_frame_number_are_shown_with_the_file(wang):
    make_vehicle(wang.contract, plate="沪A58K21", vin="LSVAA4187E2184321")
    asked = Asked(Purpose.LEGAL, "起诉", LIU, AT_TEN, wang.contract)
    with may(Right.REVEAL):
        shown = wang.file(asked)
    assert shown.people[wang.wang].born_on == date(1990, 1, 1)
    assert shown.people[wang.zhao].born_on is None
    assert (shown.car.plate, shown.car.vin) == ("沪A58K21", "LSVAA4187E2184321")


def test_one_number_needs_no_words_to_be_called(wang):
    with may(Right.REVEAL):
        shown = wang.number(wang.mobile)

    assert (shown.value, shown.party_id) == ("13812346021", wang.wang)
    assert Reveal.objects.get().contact_point_id == wang.mobile


@pytest.mark.parametrize("rights", [(), (Right.SEE_CASES, Right.WORK_CASES)])
def test_without_the_right_nothing_is_shown_and_nothing_kept(wang, rights):
    with may(*rights), pytest.raises(NotAllowed):
        wang.people()
    assert nothing_was_kept()


def test_nobody_sees_anything(wang):
    with held(NOBODY), pytest.raises(NotAllowed):
        wang.number(wang.mobile)
    assert nothing_was_kept()


def test_who_serves_another_lender_opens_nothing(wang):
    with may(Right.REVEAL, lenders=(999,)), pytest.raises(NotYoursToOpen):
        wang.people()
    assert nothing_was_kept()


def test_a_letter_needs_a_reason_in_words(wang):
    with may(Right.REVEAL), pytest.raises(RevealReasonMissing):
        wang.people(reason=" 。 ")
    assert nothing_was_kept()


def test_a_number_of_somebody_else_is_not_there(wang):
    stranger = first_contact_point(make_party("钱七", phone="13677778888"))
    with may(Right.REVEAL), pytest.raises(NothingToReveal):
        wang.number(stranger)
    assert nothing_was_kept()


def test_a_case_that_is_closed_shows_nothing(wang):
    lonely = make_contract(number="AF-0", borrower_id=wang.wang)
    asked = Asked(Purpose.LETTER, "寄送催告函", LIU, AT_TEN, lonely)
    with may(Right.REVEAL), pytest.raises(NoLiveCase):
        services.reveal_file(contract_id=lonely, asked=asked, as_of=BUSINESS_DAY)
    assert nothing_was_kept()


def test_the_limit_is_data_per_purpose_and_person_and_hour(wang):
    RevealLimit.objects.filter(purpose="CALL").update(per_hour=2)
    with may(Right.REVEAL):
        wang.number(wang.mobile, at=AT_TEN)
        wang.number(wang.mobile, at=AT_TEN + timedelta(minutes=10))
        with pytest.raises(RevealLimitReached) as refused:
            wang.number(wang.mobile, at=AT_TEN + timedelta(minutes=20))
        assert refused.value.params == {"most": 2, "from_time": "11:00"}
        assert Reveal.objects.count() == TimelineEntry.objects.count() == 2

        wang.people(at=AT_TEN + timedelta(minutes=20))  # another purpose has its own
        wang.number(wang.mobile, at=AT_TEN + timedelta(minutes=60))


def test_a_limit_of_nothing_shows_nothing(wang):
    RevealLimit.objects.filter(purpose="LETTER").update(per_hour=0)
    with may(Right.REVEAL), pytest.raises(RevealLimitReached):
        wang.people()
    assert nothing_was_kept()
