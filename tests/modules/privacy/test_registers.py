"""What is in a register stays as it was written; consents hold from day to day."""

from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.db.utils import DatabaseError

from recoup.foundation.audit.models import Event
from recoup.modules.privacy import queries, rules, services, subject
from recoup.modules.privacy.models import (
    Consent,
    ConsentWording,
    DataRequest,
    ErasureItem,
    LegalHold,
)
from recoup.modules.privacy.rules import (
    Channel,
    HoldScope,
    RequestKind,
    SensitiveKind,
)
from tests.factories import AT_TEN, BUSINESS_DAY

pytestmark = pytest.mark.django_db(transaction=True)


def wording(archive, code="GPS") -> int:
    with archive.as_cao():
        return services.add_wording(
            code=code, sensitive_kind=SensitiveKind.LOCATION, text_zh="我同意查询车辆位置",
            text_en="I agree that the car is located", in_force_on=date(2026, 1, 1),
        )  # fmt: skip


def consent(archive, wording_id: int, given_on: date = date(2026, 11, 1)) -> int:
    with archive.as_cao():
        return services.record_consent(
            party_id=archive.chen, lender_id=archive.lender, wording_id=wording_id,
            given_on=given_on, channel=Channel.COUNTER, evidence="柜面签名 A-1",
            actor_id=archive.cao.pk, at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip


def test_a_consent_holds_from_its_day_until_it_is_withdrawn(archive):
    number = consent(archive, wording(archive))

    def holds(on: date) -> bool:
        return queries.has_consent(party_id=archive.chen, code="GPS", on=on)

    assert [holds(date(2026, 10, 31)), holds(date(2026, 11, 1))] == [False, True]
    with archive.as_cao():
        services.withdraw_consent(
            consent_id=number, withdrawn_on=date(2026, 11, 10), channel=Channel.PHONE,
            actor_id=archive.cao.pk, at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip
    assert [holds(date(2026, 11, 9)), holds(date(2026, 11, 10))] == [True, False]
    assert not queries.has_consent(party_id=archive.zhao, code="GPS", on=BUSINESS_DAY)


def test_a_consent_is_withdrawn_once_and_not_before_it_was_given(archive):
    number = consent(archive, wording(archive))

    def withdraw(on: date) -> None:
        with archive.as_cao():
            services.withdraw_consent(
                consent_id=number, withdrawn_on=on, channel=Channel.PHONE,
                actor_id=archive.cao.pk, at=AT_TEN, as_of=BUSINESS_DAY,
            )  # fmt: skip

    with pytest.raises(rules.DayWrong):
        withdraw(date(2026, 10, 1))
    assert Consent.objects.get().withdrawn_on is None
    withdraw(BUSINESS_DAY)
    with pytest.raises(rules.AlreadyWithdrawn):
        withdraw(BUSINESS_DAY)


def test_nobody_agrees_to_words_that_were_not_in_force_or_twice(archive):
    words = wording(archive)

    with pytest.raises(rules.DayWrong):
        consent(archive, words, date(2025, 12, 31))
    consent(archive, words)
    with pytest.raises(rules.MoveRefused):
        consent(archive, words)
    assert Consent.objects.count() == 1


def test_new_words_are_a_new_version_and_the_old_ones_stay(archive):
    first, second = wording(archive), wording(archive)

    versions = dict(ConsentWording.objects.values_list("id", "version"))
    assert versions == {first: 1, second: 2}
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentWording.objects.filter(pk=first).update(text_zh="别的话")
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentWording.objects.filter(pk=first).delete()


def test_holds_requests_and_consents_stay_as_they_were_written(archive):
    with archive.as_cao():
        services.place_hold(
            scope=HoldScope.PERSON, subject_id=archive.wang, lender_id=archive.lender,
            reason="suit is pending", reference="", until=None, actor_id=archive.cao.pk,
            at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip
        services.receive_request(
            party_id=archive.chen, lender_id=archive.lender, kind=RequestKind.DELETION,
            channel=Channel.PHONE, detail="", received_on=BUSINESS_DAY, actor_id=archive.cao.pk,
            at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip
    consent(archive, wording(archive))

    for change in (
        lambda: LegalHold.objects.update(reason="no reason"),
        lambda: LegalHold.objects.all().delete(),
        lambda: DataRequest.objects.update(due_on=date(2030, 1, 1)),
        lambda: DataRequest.objects.all().delete(),
        lambda: Consent.objects.update(given_on=date(2020, 1, 1)),
        lambda: Consent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    acts = set(Event.objects.values_list("act", flat=True))
    assert {"HOLD_SET", "REQUEST_RECEIVED", "CONSENT_GIVEN"} <= acts


def test_an_open_request_keeps_the_person_until_it_is_answered(archive):
    with archive.as_cao():
        services.receive_request(
            party_id=archive.wang, lender_id=archive.lender, kind=RequestKind.ACCESS,
            channel=Channel.PHONE, detail="", received_on=BUSINESS_DAY, actor_id=archive.cao.pk,
            at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip

    run = archive.listed()

    assert ErasureItem.objects.get(run_id=run, subject_id=archive.wang, kind="OBLIGOR").state == (
        "HELD"
    )


# Why a table of the modules is not in a person's file.
NOT_IN_THE_FILE = {
    "parties_reveal": "who looked: the audit record, for the inspector",
    "parties_reveallimit": "a limit",
    "ledger_allocationrule": "a rule",
    "ledger_account": "terms; what follows from them is in the dues and payments",
    "ledger_extension": "its effect is in the dues",
    "ledger_receipt": "money before it is known whose; what was placed is in the payments",
    "ledger_cashnumber": "a counter", "ledger_return": "money that was nobody's of ours",
    "ledger_remittance": "the lender's money",
    "ledger_adjustment": "its effect is in the dues", "ledger_adjustmentreversal": "as before",
    "ledger_transfer": "the payments it made are in the file",
    "arrears_formersnapshot": "derived from dues and payments, before more was known",
    "ledger_entry": "how payments were booked; the payments are in it",
    "arrears_snapshot": "derived from dues and payments",
    "assignment_worklistitem": "who works when: the decisions are in it",
    "analytics_dayflow": "counts",
    "strategy_rule": "rules",
    "intake_mapping": "layouts", "intake_batch": "files",
    "intake_quarantinedrow": "rows that were not taken in, sealed; they go after six months",
    "exports_rowlimit": "a limit", "exports_export": "lists, not people",
    "exports_download": "lists, not people",
    "privacy_legalhold": "may tell of an inquiry; told by counsel",
    "privacy_erasurerun": "runs", "privacy_erasureitem": "what is already gone",
    "privacy_use": "grounds, not people",
    "privacy_requestterm": "days", "privacy_assessment": "about processing, not people",
    "custody_item": "paper of a contract: shown at the counter",
    "custody_movement": "who borrowed it",
    "approvals_limit": "a limit",
    "approvals_request": "how the lender decided; what came of it is in the dues and payments",
    "webhooks_subscription": "addresses of lenders", "webhooks_secret": "of their addresses",
    "webhooks_event": "ids and amounts, kept 30 days", "webhooks_delivery": "as the event",
}  # fmt: skip
STAFF = "workforce_"


def test_every_table_is_in_a_persons_file_or_says_why_not():
    text = " ".join(subject.tables_read())
    modules = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("recoup.modules.")
        and not model._meta.db_table.startswith(STAFF)
    }
    read = {table for table in modules if f" {table} " in f"{text} ".replace("\n", " ")}
    read |= {"contracts_contractparty"}  # by access_parts()

    assert sorted(modules - read - set(NOT_IN_THE_FILE)) == []
    assert sorted(set(NOT_IN_THE_FILE) & read) == []
