"""Deletions: due by the schedule, listed first, let go by two, held by law, done once."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from recoup.foundation.access.context import NotAllowed, held
from recoup.foundation.access.roles import Role
from recoup.foundation.audit.models import Event
from recoup.foundation.audit.verifying import verify
from recoup.modules.cases.models import TimelineEntry
from recoup.modules.cases.rules import TimelineKind
from recoup.modules.cases.timeline import record
from recoup.modules.comms.models import Call
from recoup.modules.contracts.models import Contract
from recoup.modules.intake.models import QuarantinedRow
from recoup.modules.ledger.models import Due
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.privacy import rules, services
from recoup.modules.privacy.models import ErasureItem, ErasureRun, RetentionRule
from recoup.modules.privacy.rules import DataKind, HoldScope
from recoup.modules.vehicles.models import Vehicle
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db(transaction=True)


def items(run: int) -> dict[tuple[str, int], str]:
    return {(i.kind, i.subject_id): i.state for i in ErasureItem.objects.filter(run_id=run)}


def words_of(archive, contract: int) -> None:
    record(
        contract_id=contract, case_id=1, kind=TimelineKind.CALL_LOGGED, at=AT_TEN,
        facts={"note": "她在医院", "result": "CALL_BACK"}, actor_id=archive.liu.pk,
        business_on=BUSINESS_DAY,
    )  # fmt: skip


def test_the_dry_run_lists_what_the_schedules_say_and_changes_nothing(archive):
    words_of(archive, archive.wangs)
    before = list(Party.objects.order_by("id").values_list("id", "name_masked", "ref"))

    run = archive.listed()

    assert items(run) == {
        ("OBLIGOR", archive.wang): "PLANNED",
        ("THIRD_PERSON", archive.lin): "PLANNED",
        ("NOTES", archive.wangs): "PLANNED",
        ("VEHICLE", archive.wangs): "PLANNED",
    }, "not Chen, whose ten years run, nor Zhao, who still owes"
    assert list(Party.objects.order_by("id").values_list("id", "name_masked", "ref")) == before


def test_a_schedule_runs_out_on_its_day_and_not_before(archive):
    day = date(2025, 3, 31)

    assert ("OBLIGOR", archive.wang) not in items(archive.listed(day.replace(day=30)))
    assert ("OBLIGOR", archive.wang) in items(archive.listed(day))


def test_what_was_let_go_is_forgotten_and_the_sums_and_events_stay(archive):
    words_of(archive, archive.wangs)
    dues = Due.objects.count()
    run = archive.listed()
    archive.approved(run)

    assert archive.forgotten(run) == 4

    wang = Party.objects.get(pk=archive.wang)
    assert (bytes(wang.name_sealed), wang.name_masked, wang.born_on_sealed) == (b"", "***", None)
    assert (wang.id_number_sealed, wang.employer_sealed) == (None, None)
    assert wang.ref == f"forgotten-{wang.pk}"
    assert not ContactPoint.objects.filter(party_id__in=[archive.wang, archive.lin]).exists()
    car = Vehicle.objects.get(contract_id=archive.wangs)
    assert (car.plate_sealed, car.plate_masked, car.vin_index) == (None, "", None)
    assert Call.objects.get(party_id=archive.wang).note == ""
    entry = TimelineEntry.objects.get(contract_id=archive.wangs)
    assert (entry.kind, entry.facts) == ("CALL_LOGGED", {"result": "CALL_BACK"})
    assert Due.objects.count() == dues
    chen = Party.objects.get(pk=archive.chen)
    assert chen.name_masked == "陈*"
    assert Call.objects.get(party_id=archive.chen).note != ""
    assert ErasureRun.objects.get(pk=run).state == "DONE"
    assert items(archive.listed()) == {}, "nothing is due twice"


def test_nobody_lets_their_own_list_go_in_the_rules_nor_in_the_database(archive):
    run = archive.listed()

    with archive.as_cao(), pytest.raises(rules.SamePerson):
        services.approve_erasure(
            run_id=run, actor_id=archive.cao.pk, at=AT_TEN, enqueue=archive.queued.append
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRun.objects.filter(pk=run).update(state="APPROVED", approved_by=archive.cao.pk)
    assert ErasureRun.objects.get(pk=run).state == "PLANNED"


def test_without_an_approved_run_the_database_forgets_nothing(archive):
    run = archive.listed()

    assert archive.forgotten(run) == 0
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT access_sweep(%s, 10, now(), %s)", [run, BUSINESS_DAY])
    assert Party.objects.get(pk=archive.wang).name_masked == "王*强"


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER])
def test_no_process_can_forget_by_itself(archive, role):
    run = archive.listed()
    archive.approved(run)
    parts = ("access_forget_people", "access_forget_words", "access_forget_call_notes")

    with working_as(role):
        for part in parts:
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(f"SELECT {part}(ARRAY[1]::bigint[])")
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute("UPDATE cases_timelineentry SET facts = '{}'")
    assert Party.objects.get(pk=archive.wang).name_masked == "王*强"


def test_the_worker_forgets_as_the_role_it_has_in_production(archive):
    run = archive.listed()
    archive.approved(run)

    with working_as(Role.WORKER):
        assert archive.forgotten(run) == 3

    assert Party.objects.get(pk=archive.wang).name_masked == "***"


def test_a_killed_deletion_goes_on_where_it_stopped(archive):
    run = archive.listed()
    archive.approved(run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_sweep(%s, 1, %s, %s)", [run, AT_TEN, BUSINESS_DAY])
    assert sorted(items(run).values()) == ["DONE", "PLANNED", "PLANNED"]

    assert archive.forgotten(run, batch=1) == 2

    assert set(items(run).values()) == {"DONE"}


@pytest.mark.parametrize("scope", list(HoldScope))
def test_a_hold_keeps_the_person_whatever_it_was_placed_on(archive, scope):
    subject = {
        HoldScope.PERSON: archive.wang,
        HoldScope.CONTRACT: archive.wangs,
        HoldScope.LENDER: archive.lender,
    }[scope]
    with archive.as_cao():
        services.place_hold(
            scope=scope, subject_id=subject, lender_id=archive.lender, reason="suit is pending",
            reference="(2026)沪0115民初1号", until=None, actor_id=archive.cao.pk, at=AT_TEN,
            as_of=BUSINESS_DAY,
        )  # fmt: skip

    run = archive.listed()
    archive.approved(run)
    archive.forgotten(run)

    assert items(run)[("OBLIGOR", archive.wang)] == "HELD"
    assert items(run)[("VEHICLE", archive.wangs)] == "HELD"
    assert Party.objects.get(pk=archive.wang).name_masked == "王*强"


def test_a_hold_placed_after_the_list_still_keeps(archive):
    run = archive.listed()
    archive.approved(run)
    with archive.as_cao():
        hold = services.place_hold(
            scope=HoldScope.PERSON, subject_id=archive.wang, lender_id=archive.lender,
            reason="complaint came in", reference="", until=None, actor_id=archive.cao.pk,
            at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip

    archive.forgotten(run)

    assert items(run)[("OBLIGOR", archive.wang)] == "HELD"
    assert Party.objects.get(pk=archive.wang).name_masked == "王*强"
    with archive.as_cao():
        services.lift_hold(hold_id=hold, reason="settled", actor_id=archive.cao.pk, at=AT_TEN)
    assert items(archive.listed())[("OBLIGOR", archive.wang)] == "PLANNED"


def test_a_new_contract_since_the_list_keeps_the_person(archive):
    run = archive.listed()
    archive.approved(run)
    factories.make_contract(number="AF2026-7", borrower_id=archive.wang)

    archive.forgotten(run)

    assert items(run)[("OBLIGOR", archive.wang)] == "NOT_DUE"
    assert Party.objects.get(pk=archive.wang).name_masked == "王*强"


def test_a_charged_off_debt_is_still_owed_so_nobody_is_forgotten(archive):
    Contract.objects.filter(pk=archive.wangs).update(state="CHARGED_OFF")

    assert items(archive.listed()) == {}


def test_refused_rows_of_files_go_after_half_a_year(archive):
    old = archive.refused_rows(AT_TEN.replace(month=5))
    new = archive.refused_rows(AT_TEN.replace(month=10))
    run = archive.listed()
    archive.approved(run)

    archive.forgotten(run)

    assert list(QuarantinedRow.objects.values_list("batch_id", flat=True)) == [new]
    assert items(run)[("QUARANTINE", old)] == "DONE"


def test_a_lenders_own_schedule_goes_before_the_general_and_is_not_below_the_law(archive):
    with archive.as_cao():
        with pytest.raises(rules.TooShort):
            services.set_months(
                kind=DataKind.OBLIGOR, lender_id=archive.lender, months=119,
                basis="as agreed", actor_id=archive.cao.pk, at=AT_TEN,
            )  # fmt: skip
        services.set_months(
            kind=DataKind.OBLIGOR, lender_id=archive.lender, months=180,
            basis="as agreed", actor_id=archive.cao.pk, at=AT_TEN,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.filter(kind="OBLIGOR").update(months=1)

    assert ("OBLIGOR", archive.wang) not in items(archive.listed())


def test_only_those_who_keep_privacy_list_or_hold_and_only_for_their_lenders(archive):
    other = factories.make_lender("other", "别家")
    with held(archive.access(archive.liu, rights=frozenset())) as nobody:
        assert not nobody.rights
        with pytest.raises(NotAllowed):
            services.plan_erasure(
                actor_id=1, at=AT_TEN, as_of=BUSINESS_DAY, enqueue=archive.queued.append
            )
    with archive.as_cao(), pytest.raises(rules.NotFound):
        services.place_hold(
            scope=HoldScope.LENDER, subject_id=other, lender_id=other, reason="not mine to hold",
            reference="", until=None, actor_id=archive.cao.pk, at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip
    assert ErasureRun.objects.count() == 0


def test_what_was_forgotten_is_on_record_and_the_record_still_proves_itself(archive):
    words_of(archive, archive.wangs)
    run = archive.listed()
    archive.approved(run)
    with working_as(Role.WORKER):
        archive.forgotten(run)

    faults = {fault.code for fault in verify().faults}
    assert not faults & {"table_differs", "rows_differ", "row_differs", "event_changed"}
    said = Event.objects.filter(act="PERSON_FORGOTTEN").values_list("subject_id", "facts")
    assert list(said) == [(run, {"items": 4})]
    everything = str(list(Event.objects.values_list("facts", flat=True)))
    assert "她在医院" not in everything, "what is on record cannot be forgotten, so it is not there"
    assert "138****0331" not in everything
