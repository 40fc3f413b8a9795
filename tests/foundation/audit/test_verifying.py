"""Whoever tampers, be it the database's own administrator, is found: what, and where."""

from pathlib import Path

import pytest
from django.db import connection

from recoup.foundation import audit, db
from recoup.foundation.audit import anchoring
from recoup.foundation.audit.refusals import AuditKeyMissing, AuditKeyOpen
from recoup.foundation.audit.verifying import verify
from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.ledger.models import Entry, Payment
from tests.factories import AT_TEN, BUSINESS_DAY, make_case, make_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_little_history() -> None:
    """A contract with a case, an entry and some reading; the heads are anchored."""
    contract_id = make_contract()
    case_id = make_case(contract_id)
    Payment.objects.create(
        contract_id=contract_id, value_on=BUSINESS_DAY, amount_minor=50_000, currency="CNY",
        channel="TRANSFER", received_at=AT_TEN,
    )  # fmt: skip
    Entry.objects.bulk_create(
        Entry(
            contract_id=contract_id, source_id=1, seq=1, debit=2, credit=6, amount_minor=100 + n,
            value_on=BUSINESS_DAY, booked_at=AT_TEN,
        )
        for n in range(60)
    )  # fmt: skip
    TimelineEntry.objects.create(
        contract_id=contract_id, case_id=case_id, at=AT_TEN, business_on=BUSINESS_DAY,
        kind="CASE_OPENED", facts={"bucket": 2},
    )  # fmt: skip
    for _ in range(5):
        audit.record(audit.Act.CASE_SEEN, "contract", contract_id)
    anchoring.anchor(at=AT_TEN)


def as_superuser(*statements: str) -> None:
    """What an administrator does who knows the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("RESET session_replication_role")


def found() -> list[str]:
    """Codes of the faults, in order."""
    return [fault.code for fault in verify().faults]


def longest_chain() -> int:
    """A chain with several events."""
    row = db.ask("SELECT chain FROM audit_head ORDER BY number DESC LIMIT 1")[0]
    return int(row["chain"])


def test_a_record_that_nobody_touched_stands() -> None:
    verdict = verify()

    assert verdict.faults == ()
    assert verdict.events == db.ask("SELECT count(*) AS n FROM audit_event")[0]["n"] > 5
    assert verdict.anchors == 1
    assert verdict.rows > 60


def test_every_fault_and_note_is_said_in_words() -> None:
    Case.objects.update(state="HELD")

    assert [note.words for note in verify().notes]
    assert "%" not in "".join(note.words for note in verify().notes)


def test_a_changed_event_is_found() -> None:
    chain = longest_chain()
    as_superuser(f"UPDATE audit_event SET actor_id = 4711 WHERE chain = {chain} AND number = 2")

    (fault,) = verify().faults
    assert fault.code == "event_changed"
    assert fault.params == {"chain": chain, "number": 2}


@pytest.mark.parametrize(
    "column",
    [
        "at = at + interval '1 microsecond'",
        "facts = '{\"page\": 2}'",
        "subject_id = 0",
        "system = 'x'",
        "db_role = 'x'",
        "lender_id = 99",
        "contract_ids = '{7}'",
    ],
)
def test_whatever_of_an_event_is_changed_is_found(column: str) -> None:
    as_superuser(
        f"UPDATE audit_event SET {column} WHERE (chain, number) = (SELECT chain, number"
        " FROM audit_event WHERE act = 'CASE_SEEN' LIMIT 1)"
    )

    assert found() == ["event_changed"]


def test_an_event_deleted_in_the_middle_is_found() -> None:
    chain = longest_chain()
    as_superuser(f"DELETE FROM audit_event WHERE chain = {chain} AND number = 2")

    fault = verify().faults[0]
    assert fault.code == "events_missing"
    assert fault.params == {"chain": chain, "first": 2, "last": 2}


def test_a_deleted_end_is_found() -> None:
    chain = longest_chain()
    as_superuser(f"DELETE FROM audit_event WHERE chain = {chain} AND number > 2")

    assert {"tail_missing", "anchor_event_gone"} <= set(found())


def test_a_deleted_end_whose_head_was_set_back_is_found_by_the_anchor() -> None:
    chain = db.ask("SELECT chain FROM audit_event ORDER BY at DESC LIMIT 1")[0]["chain"]
    as_superuser(
        f"DELETE FROM audit_event WHERE (chain, number) IN"
        f" (SELECT chain, number FROM audit_head WHERE chain = {chain})",
        f"UPDATE audit_head SET (number, hash) = (SELECT number, hash FROM audit_event"
        f" WHERE chain = {chain} ORDER BY number DESC LIMIT 1) WHERE chain = {chain}",
    )

    assert found() == ["anchor_event_gone"]


REWRITE = """
DO $$
DECLARE
    e record; before bytea; made bytea;
BEGIN
    FOR e IN SELECT * FROM audit_event WHERE chain = {chain} ORDER BY number LOOP
        before := coalesce(made, sha256(convert_to('recoup audit chain ' || e.chain, 'UTF8')));
        made := sha256(before || convert_to(concat_ws(E'\\n', e.chain, e.number,
            (extract(epoch FROM e.at) * 1000000)::bigint, coalesce(e.actor_id::text, ''), e.system,
            e.db_role, e.act, e.subject, coalesce(e.subject_id::text, ''),
            coalesce(e.lender_id::text, ''), coalesce(array_to_string(e.contract_ids, ','), ''),
            e.facts::text), 'UTF8'));
        UPDATE audit_event SET previous = before, hash = made
         WHERE chain = e.chain AND number = e.number;
    END LOOP;
    UPDATE audit_head SET hash = made WHERE chain = {chain};
END $$
"""


def test_a_chain_rewritten_with_right_hashes_is_found_by_the_anchor() -> None:
    chain = longest_chain()
    as_superuser(
        f"UPDATE audit_event SET db_role = 'somebody' WHERE chain = {chain} AND act = 'CASE_SEEN'",
        f"UPDATE audit_event SET system = 'nobody' WHERE chain = {chain} AND number = 1",
        REWRITE.format(chain=chain),
    )

    (fault,) = verify().faults
    assert fault.code == "anchor_contradicted"
    assert (fault.params["anchor"], fault.params["chain"]) == (1, chain)


def test_a_rewritten_chain_is_found_even_if_the_anchors_in_the_table_are_deleted() -> None:
    chain = longest_chain()
    as_superuser(
        f"UPDATE audit_event SET system = 'nobody' WHERE chain = {chain} AND number = 1",
        REWRITE.format(chain=chain),
        "DELETE FROM audit_anchor",
    )

    assert "anchor_contradicted" in found()


def test_a_forged_anchor_is_found() -> None:
    as_superuser("UPDATE audit_anchor SET text = replace(text, '\"anchor\":1', '\"anchor\": 1')")

    assert "anchor_unsigned" in found()


def test_an_anchor_deleted_between_others_is_found() -> None:
    for minute in (1, 2):
        audit.record(audit.Act.SEARCHED, "search", None)
        anchoring.anchor(at=AT_TEN.replace(minute=minute))
    as_superuser("DELETE FROM audit_anchor WHERE number = 2")

    assert "anchor_missing" in found()


def test_a_payment_changed_behind_the_products_back_is_found() -> None:
    as_superuser("UPDATE ledger_payment SET amount_minor = amount_minor + 1")

    table, row = verify().faults
    assert (table.code, table.params["table"]) == ("table_differs", "ledger_payment")
    assert (row.code, row.params["table"]) == ("rows_differ", "ledger_payment")


def test_a_ledger_entry_among_many_changed_behind_the_products_back_is_found() -> None:
    as_superuser(
        "UPDATE ledger_entry SET amount_minor = 9 WHERE id = (SELECT min(id) + 7 FROM ledger_entry)"
    )

    table, rows = verify().faults
    assert table.params["table"] == rows.params["table"] == "ledger_entry"
    assert "–" in rows.params["ids"]


def test_a_timeline_entry_whose_words_were_changed_is_found() -> None:
    as_superuser("""UPDATE cases_timelineentry SET facts = '{"bucket": 6}'""")

    assert found() == ["table_differs", "rows_differ"]


@pytest.mark.parametrize("table", ["ledger_entry", "cases_timelineentry", "ledger_payment"])
def test_a_row_deleted_behind_the_products_back_is_found(table: str) -> None:
    as_superuser(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")

    fault = verify().faults[0]
    assert (fault.code, fault.params["table"]) == ("table_differs", table)
    assert fault.params["rows"] == fault.params["expected"] - 1


def test_a_row_slipped_in_behind_the_products_back_is_found() -> None:
    as_superuser("""
        INSERT INTO ledger_entry (contract_id, source_id, seq, debit, credit, amount_minor,
                                  value_on, booked_at)
        SELECT contract_id, source_id, seq, debit, credit, amount_minor, value_on, booked_at
          FROM ledger_entry WHERE seq IS NOT NULL LIMIT 1
    """)

    fault = verify().faults[0]
    assert fault.params["rows"] == fault.params["expected"] + 1


def test_a_case_changed_behind_the_products_back_is_found_with_its_row() -> None:
    Case.objects.update(segment="EARLY")
    as_superuser("UPDATE cases_case SET state = 'HELD'")

    table, row = verify().faults
    assert (table.code, row.code) == ("table_differs", "row_differs")
    assert row.params["id"] == str(Case.objects.get().pk)


def test_a_password_changed_behind_the_products_back_is_found() -> None:
    from tests.factories import make_collector  # noqa: PLC0415

    make_collector()
    as_superuser("UPDATE workforce_user SET password = 'mine'")

    assert found()[0] == "table_differs"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER audit_watch_update ON ledger_payment",
        "ALTER TABLE ledger_payment DISABLE TRIGGER audit_watch_insert",
        "ALTER TABLE ledger_payment DISABLE TRIGGER ALL",
        "DROP FUNCTION audit_watch_ledger_payment() CASCADE",
    ],
)
def test_triggers_that_were_dropped_or_disabled_are_found(statement: str) -> None:
    as_superuser(statement)

    (fault,) = verify().faults
    assert (fault.code, fault.params) == ("not_watched", {"table": "ledger_payment"})


def test_what_was_changed_while_the_triggers_were_off_is_found_when_they_are_on_again() -> None:
    as_superuser("ALTER TABLE ledger_payment DISABLE TRIGGER ALL")
    Payment.objects.update(amount_minor=1)
    as_superuser("ALTER TABLE ledger_payment ENABLE TRIGGER ALL")

    assert found() == ["table_differs", "rows_differ"]


def test_a_watching_function_that_was_emptied_is_found() -> None:
    as_superuser("""
        CREATE OR REPLACE FUNCTION audit_watch_ledger_payment() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RETURN NULL; END $$
    """)

    (fault,) = verify().faults
    assert fault.code == "watch_changed"


@pytest.mark.parametrize("name", ["audit_append", "audit_refuse"])
def test_a_function_of_the_record_that_was_replaced_is_found(name: str) -> None:
    as_superuser(f"UPDATE pg_proc SET prosrc = 'BEGIN RETURN; END' WHERE proname = '{name}'")

    assert "function_changed" in found()


def test_the_guard_of_the_record_that_was_dropped_is_found() -> None:
    as_superuser("DROP TRIGGER audit_event_append_only ON audit_event")

    assert found() == ["guard_missing"]


def test_what_changed_before_a_migration_ended_the_watch_is_found_after_it() -> None:
    from recoup.foundation.audit import watching  # noqa: PLC0415

    as_superuser("UPDATE ledger_payment SET amount_minor = 1")
    watching.rest()
    watching.watch()

    (fault,) = verify().faults
    assert (fault.code, fault.params["table"]) == ("changed_unwatched", "ledger_payment")


def test_a_change_made_by_hand_with_the_triggers_on_is_noted() -> None:
    Payment.objects.update(amount_minor=2)

    notes = {note.code for note in verify().notes}
    assert "by_hand" in notes


def test_verification_needs_the_key_once_something_was_signed(kept_elsewhere: Path) -> None:
    key = kept_elsewhere / "keys" / "audit_ed25519"
    key.chmod(0o644)
    with pytest.raises(AuditKeyOpen):
        verify()
    key.unlink()
    with pytest.raises(AuditKeyMissing):
        verify()


def test_a_lost_key_is_not_silently_replaced(kept_elsewhere: Path) -> None:
    (kept_elsewhere / "keys" / "audit_ed25519").unlink()
    audit.record(audit.Act.SEARCHED, "search", None)

    with pytest.raises(AuditKeyMissing):
        anchoring.anchor(at=AT_TEN)

    assert len(anchoring.kept_inside()) == 1


def test_an_anchor_is_made_only_when_something_happened() -> None:
    assert anchoring.anchor(at=AT_TEN) is None
    audit.record(audit.Act.SEARCHED, "search", None)
    made = anchoring.anchor(at=AT_TEN)

    assert made is not None
    assert made.number == 2
    assert [a.line for a in anchoring.kept_outside()] == [a.line for a in anchoring.kept_inside()]


def test_an_anchor_that_could_not_be_sent_is_not_kept_in_the_table() -> None:
    audit.record(audit.Act.SEARCHED, "search", None)

    def refuse(line: str) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        anchoring.anchor(at=AT_TEN, send=refuse)

    assert len(anchoring.kept_inside()) == 1
    assert anchoring.anchor(at=AT_TEN) is not None
    assert found() == []


def test_progress_is_told() -> None:
    told: list[str] = []

    def tell(what: str, done: int, of: int) -> None:
        told.append(what)

    verify(tell=tell)

    assert {"anchors", "ledger_payment"} <= set(told)


def test_what_was_rewritten_before_the_next_anchor_is_found_by_the_heads_of_seconds_ago() -> None:
    for _ in range(40):
        audit.record(audit.Act.SEARCHED, "search", None)
    assert anchoring.keep_latest(at=AT_TEN)
    assert found() == []
    chain, number = at_the_end()

    as_superuser(
        f"UPDATE audit_event SET act = 'LISTED' WHERE chain = {chain} AND number = {number}",
        REWRITE.format(chain=chain),
    )

    assert found() == ["latest_contradicted"]


def test_the_tail_cut_since_the_heads_of_seconds_ago_is_found() -> None:
    for _ in range(40):
        audit.record(audit.Act.SEARCHED, "search", None)
    anchoring.keep_latest(at=AT_TEN)
    chain, number = at_the_end()

    as_superuser(
        f"DELETE FROM audit_event WHERE chain = {chain} AND number = {number}",
        f"UPDATE audit_head SET number = number - 1, hash = (SELECT hash FROM audit_event"
        f" WHERE chain = {chain} AND number = {number - 1}) WHERE chain = {chain}",
    )

    assert found() == ["latest_event_gone"]


def test_heads_of_seconds_ago_in_a_forgers_hand_are_found(kept_elsewhere: Path) -> None:
    anchoring.keep_latest(at=AT_TEN)
    file = anchoring.folder() / anchoring.LATEST
    file.write_text(file.read_text().replace("02:00:00", "02:00:01"))

    assert found() == ["latest_unsigned"]


def test_where_nothing_happened_the_heads_stay_and_without_a_key_none_are_laid() -> None:
    assert anchoring.keep_latest(at=AT_TEN)
    assert not anchoring.keep_latest(at=AT_TEN)
    audit.record(audit.Act.SEARCHED, "search", None)
    anchoring.key_file().unlink()
    assert not anchoring.keep_latest(at=AT_TEN)


def at_the_end() -> tuple[int, int]:
    """Chain and number of the last event written."""
    row = db.ask("SELECT chain, number FROM audit_event ORDER BY at DESC LIMIT 1")[0]
    return row["chain"], row["number"]
