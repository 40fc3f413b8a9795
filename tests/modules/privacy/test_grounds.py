"""Each use of personal data has a ground; where that is consent, the register is asked."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from recoup.foundation.access.context import NotAllowed, held
from recoup.foundation.access.rights import Right
from recoup.foundation.access.roles import Role
from recoup.modules.assignment import services as assignment
from recoup.modules.assignment.lists import Choice
from recoup.modules.cases.models import Case
from recoup.modules.compliance import grounds
from recoup.modules.compliance.grounds import ConsentMissing, Ground, Use
from recoup.modules.exports.rules import Purpose
from recoup.modules.exports.services import USE_OF
from recoup.modules.privacy import models, rules, services
from recoup.modules.privacy.rules import Channel, SensitiveKind
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db(transaction=True)


def grounded(archive, use: Use, ground: Ground, **more) -> None:
    asked = {"citation": "个保法 23", "wording_code": "provide", "reason": "counsel, 2026-11"}
    with archive.as_cao():
        services.set_ground(
            use=use, ground=ground, actor_id=archive.cao.pk, at=AT_TEN, **(asked | more)
        )


def consents(archive, party_id: int) -> int:
    with archive.as_cao():
        wording = models.ConsentWording.objects.filter(code="PROVIDE").first()
        number = wording.pk if wording else services.add_wording(
            code="provide", sensitive_kind=SensitiveKind.ACCOUNT, text_zh="同意提供给甲公司",
            text_en="May be given to A", in_force_on=date(2026, 1, 1),
        )  # fmt: skip
        return services.record_consent(
            party_id=party_id, lender_id=archive.lender, wording_id=number,
            given_on=date(2026, 11, 1), channel=Channel.LETTER, evidence="letter 7",
            actor_id=archive.cao.pk, at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip


def place(archive, *case_ids: int) -> int:
    rights = frozenset({Right.ASSIGN_CASES, Right.SEE_CASES})
    with held(archive.access(archive.liu, rights=rights)):
        return assignment.place(
            choice=Choice(case_ids=case_ids), seen=len(case_ids), agency_id=factories.make_agency(),
            actor_id=archive.liu.pk, at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip


def test_every_use_has_a_ground_with_its_article_and_every_export_a_use():
    for use in Use:
        found = grounds.ground_of(use)
        assert "个保法" in found.citation
        assert bool(found.wording_code) is (found.ground is Ground.CONSENT)
    assert set(USE_OF) == set(Purpose)


def test_placing_with_an_agency_is_entrusting_and_needs_no_consent(archive):
    case = factories.make_case(archive.zhaos, collector=archive.liu)

    assert place(archive, case) == 1


def test_where_the_ground_is_consent_nothing_is_placed_until_everybody_gave_it(archive):
    grounded(archive, Use.ENTRUST_AGENCY, Ground.CONSENT)
    zhao = factories.make_case(archive.zhaos, collector=archive.liu)
    chens = factories.make_contract(number="AF2026-9", borrower_id=archive.chen)
    chen = factories.make_case(chens, collector=archive.liu)
    consents(archive, archive.zhao)

    with pytest.raises(ConsentMissing) as no:
        place(archive, zhao, chen)
    assert no.value.params["people"] == 1
    assert not Case.objects.filter(agency_id__isnull=False).exists()

    given = consents(archive, archive.chen)
    with archive.as_cao():
        services.withdraw_consent(
            consent_id=given, withdrawn_on=BUSINESS_DAY, channel=Channel.PHONE,
            actor_id=archive.cao.pk, at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip
    with pytest.raises(ConsentMissing):
        place(archive, chen)
    assert place(archive, zhao) == 1


def test_another_ground_that_counsel_cleared_needs_no_consent_any_more(archive):
    case = factories.make_case(archive.zhaos, collector=archive.liu)
    grounded(archive, Use.ENTRUST_AGENCY, Ground.CONSENT)
    with pytest.raises(ConsentMissing):
        place(archive, case)

    grounded(archive, Use.ENTRUST_AGENCY, Ground.CONTRACT, citation="个保法 13(1)(二)")

    assert place(archive, case) == 1


@pytest.mark.parametrize(
    ("ground", "more"),
    [
        (Ground.CONSENT, {"wording_code": " "}),
        (Ground.CONTRACT, {"reason": " "}),
        (Ground.CONTRACT, {"citation": ""}),
    ],
)
def test_a_ground_without_its_words_is_none(archive, ground, more):
    before = models.Use.objects.filter(pk=Use.LOCATE_VEHICLE).values().get()

    with pytest.raises(rules.TextMissing):
        grounded(archive, Use.LOCATE_VEHICLE, ground, **more)

    assert models.Use.objects.filter(pk=Use.LOCATE_VEHICLE).values().get() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Use.objects.filter(pk=Use.LOCATE_VEHICLE).update(wording_code="")


def test_only_who_keeps_privacy_records_a_ground(archive):
    access = archive.access(archive.liu, rights=frozenset({Right.SEE_CASES}))
    with held(access), pytest.raises(NotAllowed):
        services.set_ground(
            use=Use.BIOMETRIC, ground=Ground.CONTRACT, citation="none at all", wording_code="",
            reason="no reason", actor_id=archive.liu.pk, at=AT_TEN,
        )  # fmt: skip
    assert grounds.ground_of(Use.BIOMETRIC).ground is Ground.CONSENT


def test_whoever_asks_learns_how_many_lack_consent_and_not_who(archive):
    consents(archive, archive.zhao)
    asked = "SELECT access_without_consent(%s, 'PROVIDE', %s)"
    with working_as(Role.WEB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM privacy_consent")
        assert cursor.fetchone() == (0,)
        cursor.execute(asked, [[archive.zhao, archive.chen], BUSINESS_DAY])
        assert cursor.fetchone() == (1,)
