"""An export from asking to expiring: limits, four eyes, one lender, one person, one hour."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from recoup.foundation.access.context import NotAllowed, SecondFactorNeeded, as_system, held
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.audit.models import Event
from recoup.foundation.filestore.models import Content
from recoup.interfaces.worker.export_tasks import prepare_export
from recoup.modules.cases.models import Case
from recoup.modules.compliance.grounds import ConsentMissing
from recoup.modules.exports import queries, rules, services
from recoup.modules.exports.models import Download, Export, RowLimit
from recoup.modules.exports.rules import KEPT_FOR, FileFormat, ListCode
from recoup.modules.ledger.models import Payment
from recoup.modules.privacy.models import Use
from tests import factories
from tests.factories import AT_TEN
from tests.modules.exports.conftest import LEADER

pytestmark = pytest.mark.django_db(transaction=True)


def narrow(alone: int, at_most: int = 20_000) -> None:
    RowLimit.objects.filter(role="LEADER", is_unmasked=False).update(alone=alone, at_most=at_most)


def test_a_list_within_the_roles_limit_is_made_without_asking_anybody(house):
    export_id = house.ask()

    row = queries.export(export_id)
    assert (row.state, row.rows_asked, row.asked_name) == ("QUEUED", 6, "周岚")
    assert house.queued == [export_id]


def test_above_the_limit_it_waits_and_a_second_person_lets_it_go(house):
    narrow(alone=5)
    export_id = house.ask()
    assert (queries.export(export_id).state, house.queued) == ("WAITING", [])

    house.decide(export_id)

    row = queries.export(export_id)
    assert (row.state, row.decided_name, house.queued) == ("QUEUED", "曹玉", [export_id])


def test_small_exports_of_a_day_add_up(house):
    narrow(alone=7)
    house.ask()

    assert queries.export(house.ask()).state == "WAITING"


def test_what_a_second_person_refuses_is_not_made_and_says_why(house):
    narrow(alone=5)
    export_id = house.ask()

    house.decide(export_id, approve=False)

    row = queries.export(export_id)
    assert (row.state, house.queued) == ("REFUSED", [])
    assert row.decision_reason == "fits the contract with the lender"
    with pytest.raises(rules.MoveRefused):
        house.decide(export_id)


def test_nobody_decides_on_their_own_export_in_the_rules_nor_in_the_database(house):
    narrow(alone=5)
    export_id = house.ask()

    with pytest.raises(rules.OwnRequest):
        house.decide(export_id, by=house.zhou)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export_id).update(
            state="QUEUED", decided_by=house.zhou.pk, decided_at=AT_TEN
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.filter(pk=export_id).update(state="QUEUED")
    assert queries.export(export_id).state == "WAITING"


@pytest.mark.parametrize(
    ("more", "no"),
    [
        ({"reason": "x"}, rules.ReasonTooShort),
        ({"bucket": 7}, rules.NoRows),
    ],
)
def test_what_is_refused_leaves_nothing(house, more, no):
    with pytest.raises(no):
        house.ask(**more)

    assert Export.objects.count() == 0
    assert house.queued == []


def test_rights_second_factor_and_lender_are_asked_before_anything_is_written(house):
    zhou = house.zhou
    without = house.access(zhou, frozenset({Right.SEE_CASES}))
    weak = house.access(zhou, has_second_factor=False)
    masked_only = house.access(zhou, LEADER - {Right.REVEAL})

    with pytest.raises(NotAllowed):
        house.ask(access=without)
    with pytest.raises(SecondFactorNeeded):
        house.ask(access=weak)
    with pytest.raises(NotAllowed):
        house.ask(access=masked_only, is_unmasked=True)
    with pytest.raises(rules.LenderNotServed):
        house.ask(lender_id=house.usd)
    assert Export.objects.count() == 0


def test_a_role_without_a_limit_takes_nothing_out(house):
    with pytest.raises(rules.TooManyRows):
        house.ask(by=house.liu)


def test_nothing_crosses_lenders_and_the_asker_gets_no_more_than_they_see(house, prepared):
    text = prepared().decode()
    assert "AF2024-000010" in text
    assert "AF2024-000012" not in text, "the other lender's"

    teams = house.access(house.zhou, reach=Reach.TEAM, team_id=house.liu.team_id)
    text = prepared(access=teams).decode()
    assert "AF2024-000040" in text
    assert "AF2024-000050" not in text, "the other team's"


def test_whoever_lost_the_right_while_it_waited_gets_nothing(house):
    export_id = house.ask()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workforce_grant SET ended_at = now() WHERE user_id = %s", [house.zhou.pk]
        )

    prepare_export(export_id=export_id)

    row = queries.export(export_id)
    assert (row.state, row.failure) == ("FAILED", "not_allowed")


def test_the_file_is_for_the_asker_alone_and_each_fetching_is_written_down(house, prepared):
    prepared()
    export_id = queries.of_person(house.zhou.pk)[0].id

    with held(house.access(house.liu)), pytest.raises(rules.NotYours):
        services.fetch(export_id=export_id, actor_id=house.liu.pk, at=AT_TEN)
    assert list(Download.objects.values_list("actor_id", flat=True)) == [house.zhou.pk]
    with pytest.raises(DatabaseError), transaction.atomic():
        Download.objects.all().delete()


def test_an_expired_link_opens_nothing_and_the_file_is_destroyed(house, prepared):
    prepared()
    export_id = queries.of_person(house.zhou.pk)[0].id
    later = Export.objects.get(pk=export_id).expires_at

    with held(house.access(house.zhou)), pytest.raises(rules.Gone):
        services.fetch(export_id=export_id, actor_id=house.zhou.pk, at=later)
    with as_system("exports"):
        assert services.expire(at=later - timedelta(seconds=1)) == 0
        assert services.expire(at=later) == 1
    assert queries.export(export_id).state == "EXPIRED"
    assert timedelta(hours=72) == KEPT_FOR
    assert Content.objects.get().sealed_key is None, "without its key nothing opens it"


def test_names_in_full_always_need_a_second_person(house):
    export_id = house.ask(is_unmasked=True)

    assert queries.export(export_id).state == "WAITING"


def test_masked_by_default_and_in_full_only_where_it_was_approved(house, prepared):
    masked = prepared().decode()
    assert "王小强" not in masked
    assert "13812346021" not in masked
    assert "138****6021" in masked
    assert "沪A58K21" not in masked

    full = prepared(is_unmasked=True).decode()
    assert "13812346021" in full
    assert "沪A58K21" in full


@pytest.mark.parametrize("list_code", list(ListCode))
@pytest.mark.parametrize("file_format", list(FileFormat))
def test_every_list_can_be_taken_out_in_each_format(house, prepared, list_code, file_format):
    case = Case.objects.filter(lender_id=house.cny).first()
    factories.make_promise(case.pk, due_on=AT_TEN.date(), actor=house.liu)
    Payment.objects.create(
        contract_id=case.contract_id, value_on=AT_TEN.date(), amount_minor=12_345,
        currency="CNY", channel="TRANSFER", reference="R-1", received_at=AT_TEN,
    )  # fmt: skip

    file = prepared(list_code=list_code, file_format=file_format)

    assert file.startswith(b"PK" if file_format is FileFormat.XLSX else b"\xef\xbb\xbf")


def test_what_nobody_approved_is_not_made_beyond_the_limit_whatever_stands_on_the_row(house):
    narrow(alone=5)
    export_id = house.ask()
    limit = RowLimit.objects.filter(role="LEADER", is_unmasked=False)
    limit.update(alone=6)
    house.ask(bucket=1)
    forged = house.ask(bucket=1)
    assert queries.export(forged).state == "WAITING"
    with connection.cursor() as cursor:  # as somebody who got round the page would leave it
        cursor.execute("ALTER TABLE exports_export DISABLE TRIGGER exports_export_is_kept")
        cursor.execute("UPDATE exports_export SET state = 'QUEUED' WHERE id = %s", [forged])
        cursor.execute("ALTER TABLE exports_export ENABLE TRIGGER exports_export_is_kept")

    prepare_export(export_id=forged)

    row = queries.export(forged)
    assert (row.state, row.failure, row.rows) == ("FAILED", "export_too_many_rows", None)
    house.decide(export_id)
    prepare_export(export_id=export_id)
    assert queries.export(export_id).state == "READY"


def consent_is_needed() -> None:
    Use.objects.filter(pk="REPORT_TO_LENDER").update(ground="CONSENT", wording_code="REPORT")


def test_an_export_says_on_what_ground_it_left(house):
    house.ask()

    assert Event.objects.get(act="EXPORT_ASKED").facts["ground"] == {
        "use": "REPORT_TO_LENDER", "ground": "ENTRUSTED",
        "citation": "个保法 21, 13(1)(二) · CN-PI-001",
    }  # fmt: skip


def test_where_consent_is_the_ground_nobody_leaves_who_gave_none(house):
    consent_is_needed()

    with pytest.raises(ConsentMissing) as no:
        house.ask()

    assert no.value.params["people"] == 6
    assert not Export.objects.exists()
    assert house.queued == []


def test_sums_by_team_tell_of_nobody_and_need_no_consent(house):
    consent_is_needed()

    assert queries.export(house.ask(list_code=ListCode.ARREARS)).state == "QUEUED"


def test_consents_are_asked_again_when_the_file_is_made(house):
    export_id = house.ask()
    consent_is_needed()

    prepare_export(export_id=export_id)

    row = Export.objects.get(pk=export_id)
    assert (row.state, row.failure, row.file_id) == ("FAILED", "consent_missing", None)
