"""An act on record: who, what, when, in a chain without gaps."""

import threading

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from recoup.foundation import audit, db
from recoup.foundation.access.context import as_system
from recoup.foundation.audit import Act
from recoup.foundation.audit.queries import EventRow, events
from tests.factories import make_collector, make_contract

pytestmark = pytest.mark.django_db


def last_event() -> EventRow:
    return events(limit=1)[0]


def test_an_act_is_on_record_with_subject_facts_and_job() -> None:
    contract_id = make_contract()

    with as_system("night"):
        audit.record(Act.CASE_SEEN, "contract", contract_id, facts={"page": "case"})

    event = last_event()
    assert (event.act, event.subject, event.subject_id) == ("CASE_SEEN", "contract", contract_id)
    assert event.contract_ids == (contract_id,)
    assert event.facts == {"page": "case"}
    assert event.system == "night"
    assert event.actor_id is None


def test_the_person_whom_the_database_knows_counts_not_the_one_that_is_given() -> None:
    liu, chen = make_collector("liu_min"), make_collector("chen_jie", "陈洁")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('recoup.user_id', %s, true)", [str(liu.pk)])

    audit.record(Act.SEARCHED, "search", None, actor_id=chen.pk)

    assert last_event().actor_id == liu.pk
    assert last_event().actor == "刘敏"


def test_an_act_falls_with_its_transaction() -> None:
    before = db.ask("SELECT count(*) AS n FROM audit_event")

    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        audit.record(Act.SEARCHED, "search", None)
        raise ZeroDivisionError

    assert db.ask("SELECT count(*) AS n FROM audit_event") == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET act = 'SEARCHED'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "DELETE FROM audit_anchor",
    ],
)
def test_nobody_changes_or_deletes_what_is_on_record(statement: str) -> None:
    audit.record(Act.SEARCHED, "search", None)
    before = db.ask("SELECT * FROM audit_event ORDER BY chain, number")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        db.ask(statement + " RETURNING 1" if statement.startswith("D") else statement)

    assert db.ask("SELECT * FROM audit_event ORDER BY chain, number") == before


@pytest.mark.parametrize("role", ["recoup_web", "recoup_worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_event (chain, number, at, db_role, act, subject, facts, previous, hash)"
        " VALUES (0, 999, now(), 'x', 'SEARCHED', 'search', '{}', '', '')",
        "UPDATE audit_head SET number = number + 1",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "SELECT audit_append('CASE_SEEN', 'contract', 1, NULL, NULL, '{}', NULL, '')",
        "SELECT audit_record('CHANGED', 'ledger_payment', 1, NULL, NULL, '{}', NULL, '')",
    ],
)
def test_no_application_role_writes_past_the_function(role: str, statement: str) -> None:
    before = db.ask("SELECT * FROM audit_head ORDER BY chain")

    with (  # noqa: PT012 - the role is part of it
        pytest.raises(DatabaseError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)

    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert db.ask("SELECT * FROM audit_head ORDER BY chain") == before


def test_an_act_of_the_database_is_not_recorded_by_hand() -> None:
    with pytest.raises(ValueError, match="CHANGED"):
        audit.record(Act.CHANGED, "ledger_payment", 1)


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_one_who_has_not_committed_yet() -> None:
    done = []

    def record_elsewhere() -> None:
        try:
            for _ in range(3):
                audit.record(Act.SEARCHED, "search", None)
            done.append(True)
        finally:
            connection.close()

    with transaction.atomic():
        audit.record(Act.SEARCHED, "search", None)
        others = [threading.Thread(target=record_elsewhere) for _ in range(4)]
        for other in others:
            other.start()
        for other in others:
            other.join(timeout=10)

        assert done == [True] * 4


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_chains_without_gaps() -> None:
    def record_many() -> None:
        try:
            for _ in range(25):
                with transaction.atomic():
                    audit.record(Act.SEARCHED, "search", None)
                    audit.record(Act.LISTED, "worklist", None)
        finally:
            connection.close()

    before = db.ask("SELECT count(*) AS n FROM audit_event")[0]["n"]
    writers = [threading.Thread(target=record_many) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)

    chains = db.ask("""
        SELECT h.number, count(e.*) AS events, coalesce(max(e.number), 0) AS last
          FROM audit_head h LEFT JOIN audit_event e ON e.chain = h.chain GROUP BY h.chain
    """)
    assert sum(row["events"] for row in chains) == before + 8 * 25 * 2
    assert all(row["number"] == row["events"] == row["last"] for row in chains)
