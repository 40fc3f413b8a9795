"""The database notes by itself what changes in the watched tables, small and large."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from recoup.foundation import db
from recoup.foundation.audit import watching
from recoup.foundation.audit.queries import EventRow, events
from recoup.foundation.audit.watched import BY_TABLE, UNWATCHED
from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.ledger.models import Account, Payment
from recoup.modules.parties.models import Reveal
from recoup.modules.workforce.models import User
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    make_case,
    make_collector,
    make_contract,
    make_lender,
    make_party,
)

pytestmark = pytest.mark.django_db


def changes(table: str) -> list[EventRow]:
    """Changes of a table on record, newest first."""
    return [e for e in events(act="CHANGED", limit=1000) if e.subject == table]


def make_payment(contract_id: int, amount_minor: int = 50_000, **more: Any) -> Payment:
    facts = {"value_on": BUSINESS_DAY, "currency": "CNY", "channel": "TRANSFER"}
    return Payment.objects.create(
        contract_id=contract_id, amount_minor=amount_minor, received_at=AT_TEN, **(facts | more)
    )


def test_every_table_is_watched_or_says_why_not() -> None:
    tables = {
        row["name"]
        for row in db.ask("""
            SELECT relname::text AS name FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        """)
    }
    undeclared = tables - set(BY_TABLE) - set(UNWATCHED)

    assert undeclared == set(), "say in recoup/foundation/audit/watched.py how these are watched"
    assert set(BY_TABLE) & set(UNWATCHED) == set()


def test_a_new_row_leaves_its_image_contract_and_lender() -> None:
    contract_id = make_contract()

    payment = make_payment(contract_id)

    event = changes("ledger_payment")[0]
    lender_id = db.ask("SELECT lender_id FROM contracts_contract")[0]["lender_id"]
    assert (event.subject_id, event.contract_ids) == (payment.pk, (contract_id,))
    assert event.lender_id == lender_id
    assert event.facts["op"] == "INSERT"
    assert event.facts["images"][0]["after"]["amount_minor"] == 50_000
    assert "before" not in event.facts["images"][0]


def test_a_changed_row_leaves_what_it_was_and_what_it_became() -> None:
    case_id = make_case(make_contract())

    Case.objects.filter(pk=case_id).update(state="HELD")

    event = changes("cases_case")[0]
    assert event.facts["op"] == "UPDATE"
    assert event.facts["images"][0]["before"]["state"] == "OPEN"
    assert event.facts["images"][0]["after"]["state"] == "HELD"
    assert event.facts["rows"] == 0


def test_a_deleted_row_leaves_what_it_was() -> None:
    case_id = make_case(make_contract())

    Case.objects.filter(pk=case_id).delete()

    event = changes("cases_case")[0]
    assert (event.facts["op"], event.facts["rows"]) == ("DELETE", -1)
    assert event.facts["images"][0]["before"]["id"] == case_id


def test_what_the_night_derives_leaves_nothing() -> None:
    contract_id = make_contract()
    payment, collector = make_payment(contract_id), make_collector()
    before = len(events(limit=1000))

    Account.objects.filter(pk=contract_id).update(unallocated_minor=12)
    Payment.objects.filter(pk=payment.pk).update(posted_at=AT_TEN)
    User.objects.filter(pk=collector.pk).update(last_login=AT_TEN)

    assert len(events(limit=1000)) == before


def test_an_update_that_changes_nothing_leaves_nothing() -> None:
    case_id = make_case(make_contract())
    before = len(changes("cases_case"))

    Case.objects.filter(pk=case_id).update(state="OPEN")

    assert len(changes("cases_case")) == before


def test_terms_that_change_are_on_record_though_balances_are_not() -> None:
    contract_id = make_contract()

    Account.objects.filter(pk=contract_id).update(grace_days=5, unallocated_minor=12)

    image = changes("ledger_account")[0].facts["images"][0]
    assert (image["before"]["grace_days"], image["after"]["grace_days"]) == (0, 5)
    assert "unallocated_minor" not in image["after"]


def test_a_password_and_a_note_are_in_no_image() -> None:
    make_collector()
    contract_id = make_contract()
    TimelineEntry.objects.create(
        contract_id=contract_id, case_id=make_case(contract_id), at=AT_TEN,
        business_on=BUSINESS_DAY, kind="CASE_HELD", facts={"reason": "his mother is ill"},
    )  # fmt: skip

    said = db.ask("SELECT string_agg(facts::text, ' ') AS said FROM audit_event")[0]["said"]
    assert "argon2" not in said
    assert "pbkdf2" not in said
    assert "his mother" not in said


def test_a_number_and_its_being_shown_are_the_lenders_whose_person_it_is() -> None:
    party_id = make_party(lender_id=(lender_id := make_lender()))
    shown = Reveal.objects.create(actor_id=1, at=AT_TEN, party_id=party_id, purpose="CALL")

    assert changes("parties_contactpoint")[0].lender_id == lender_id
    event = changes("parties_reveal")[0]
    assert (event.subject_id, event.lender_id) == (shown.pk, lender_id)


def test_no_digit_of_a_number_is_in_an_image() -> None:
    make_contract()  # whose borrower has a number

    images = changes("parties_contactpoint")[0].facts["images"]
    assert "last_four" not in images[0]["after"]
    assert "6021" not in str(images)


def test_a_large_statement_leaves_a_digest_and_ranges_of_ids() -> None:
    contract_id = make_contract()

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_payment (contract_id, value_on, amount_minor, currency, channel,
                                        received_at, reference)
            SELECT %s, %s, 100 + n, 'CNY', 'TRANSFER', %s, 'r' || n FROM generate_series(1, 60) n
            """,
            [contract_id, date(2026, 11, 20), AT_TEN],
        )

    event = changes("ledger_payment")[0]
    ids = sorted(Payment.objects.values_list("pk", flat=True))
    assert event.facts["ids"] == [[ids[0], ids[-1]]]
    assert (event.facts["changed"], event.facts["rows"]) == (60, 60)
    assert len(event.facts["sums"]) == 4
    assert "images" not in event.facts


def test_a_table_without_rows_changed_leaves_nothing() -> None:
    before = len(events(limit=1000))

    Case.objects.filter(pk=0).update(state="HELD")
    Case.objects.filter(pk=0).delete()

    assert len(events(limit=1000)) == before


def test_to_watch_again_changes_nothing() -> None:
    before = len(events(limit=1000))

    assert watching.watch() == []
    assert len(events(limit=1000)) == before


def test_after_a_rest_the_watch_begins_anew_and_both_are_on_record() -> None:
    rested = watching.rest()
    watched = watching.watch()

    assert rested == watched != []
    acts = [e.act for e in events(limit=1000) if e.subject == "cases_case"]
    assert acts[:2] == ["WATCHED", "UNWATCHED"]
