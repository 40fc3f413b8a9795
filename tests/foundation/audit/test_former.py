"""A row as it stood at any moment: what it is now with every later change undone."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.foundation import db
from recoup.foundation.audit import former, watching
from recoup.foundation.audit.former import GapKind, gaps, on_file_since, rows_as_of
from recoup.foundation.audit.queries import events
from recoup.foundation.audit.verifying import verify
from recoup.foundation.audit.watched import WATCHED, Kept, Watched
from recoup.modules.ledger.models import Account
from recoup.modules.parties.models import ContactPoint, Party
from tests.factories import make_contact_point, make_contract, make_lender, make_party, make_vehicle

pytestmark = pytest.mark.django_db
KEPT = {watched.table: watched for watched in WATCHED if watched.kept}
LARGE = watching.MOST_IMAGES + 10


def now() -> datetime:
    """The database's own clock, by which changes are dated."""
    moment: datetime = db.ask("SELECT clock_timestamp() AS at")[0]["at"]
    return moment


def snapshot(table: str) -> list[dict[str, Any]]:
    """The kept columns of every row, taken now from the table itself."""
    watched = KEPT[table]
    assert watched.kept
    columns = ", ".join(watched.kept.columns)
    return db.ask(f"SELECT {columns} FROM {table} ORDER BY {watched.key}")


def owners(table: str) -> list[int]:
    """Everybody a row of the table belongs to, or ever belonged to."""
    kept = KEPT[table].kept
    assert kept
    rows = db.ask(f"""
        SELECT {kept.owner} AS id FROM {table}
         UNION SELECT owner_id FROM audit_former WHERE subject = '{table}'
    """)
    return [row["id"] for row in rows]


def told(table: str, moment: datetime) -> list[dict[str, Any]]:
    """The same rebuilt, without what is only said about it."""
    rows = rows_as_of(table, owners=owners(table), moment=moment)
    return [{k: v for k, v in row.items() if k != "is_forgotten"} for row in rows]


def run(sql: str, *params: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def insert_people(lender_id: int, count: int, mark: int) -> None:
    """Each with two numbers."""
    run(
        """
        WITH made AS (
            INSERT INTO parties_party (lender_id, ref, name_sealed, name_masked, name_index, region)
            SELECT %s, %s || '-' || n, '', '王*' || n, '', '上海' FROM generate_series(1, %s) n
            RETURNING id)
        INSERT INTO parties_contactpoint (party_id, kind, value_sealed, value_masked, value_index)
        SELECT id, 'MOBILE', '', '138****' || n, decode(lpad(to_hex(n), 8, '0'), 'hex')
          FROM made CROSS JOIN generate_series(1, 2) n
        """,
        lender_id,
        f"p{mark}",
        count,
    )


def photograph() -> tuple[datetime, dict[str, list[dict[str, Any]]]]:
    """Every kept table as it stands, and the moment."""
    return now(), {table: snapshot(table) for table in KEPT}


# What can happen to a portfolio: small and large, in every way a row can change. `%s` is a number
# that is never the same twice, SOME picks rows by it.
SOME = "id %% 7 = %s %% 7"
HAPPENS = (
    f"UPDATE parties_party SET name_masked = '李*' || %s WHERE {SOME}",
    "UPDATE parties_party SET region = '北京' || %s",
    f"UPDATE parties_party SET language = 'l' || %s WHERE {SOME}",
    f"UPDATE parties_contactpoint SET value_masked = '139****' || %s WHERE {SOME}",
    "UPDATE parties_contactpoint SET is_valid = NOT is_valid WHERE %s > 0",
    f"DELETE FROM parties_contactpoint WHERE {SOME}",
    "DELETE FROM parties_contactpoint WHERE %s > 0",
    f"UPDATE parties_contactpoint SET party_id = (SELECT min(id) FROM parties_party),"
    f" value_index = decode(lpad(to_hex(id), 16, '0'), 'hex') WHERE {SOME}",
    "UPDATE vehicles_vehicle SET colour = 'red' || %s",
    "DELETE FROM vehicles_vehicle WHERE %s > 0",
    "UPDATE contracts_contract SET annual_rate_micro = %s, matures_on = NULL",
    "UPDATE ledger_account SET grace_days = %s %% 9, unallocated_minor = 5",
    "UPDATE parties_lender SET name = '安达' || %s",
    "DELETE FROM contracts_contractparty WHERE %s > 0",
)


def happen(kind: int, mark: int, contract_id: int, lender_id: int) -> None:
    """One change; its number says which."""
    if kind < len(HAPPENS):
        sql = HAPPENS[kind]
        run(sql, *[mark] * sql.replace("%%", "").count("%s"))
    elif kind == len(HAPPENS):
        insert_people(lender_id, 3, mark)
    elif kind == len(HAPPENS) + 1:
        insert_people(lender_id, LARGE, mark)
    elif kind == len(HAPPENS) + 2 and not db.ask("SELECT FROM vehicles_vehicle"):
        make_vehicle(contract_id)
    else:
        run(
            """
            INSERT INTO contracts_contractparty (contract_id, party_id, role)
            SELECT %s, max(id), 'GUARANTOR' FROM parties_party ON CONFLICT DO NOTHING
            """,
            contract_id,
        )


KINDS = st.integers(0, len(HAPPENS) + 3)


@settings(max_examples=25)
@given(
    before=st.lists(KINDS, max_size=6),
    after=st.lists(KINDS, min_size=1, max_size=10),
)
def test_what_is_rebuilt_is_what_was_photographed_on_the_day(
    before: list[int], after: list[int]
) -> None:
    with transaction.atomic():
        lender_id = make_lender()
        contract_id = make_contract()
        marks = iter(range(1_000, 9_999))
        for kind in before:
            happen(kind, next(marks), contract_id, lender_id)
        photographs = [photograph()]
        for kind in after:
            happen(kind, next(marks), contract_id, lender_id)
            photographs.append(photograph())

        for moment, seen in photographs:
            assert {table: told(table, moment) for table in KEPT} == seen
        transaction.set_rollback(True)


def test_a_person_had_another_name_and_another_number() -> None:
    party_id = make_party("王小强")
    moment = now()
    Party.objects.filter(pk=party_id).update(name_masked="李*华", id_type="PASSPORT")
    ContactPoint.objects.filter(party_id=party_id).delete()
    make_contact_point(party_id, "13900001111")

    (person,) = rows_as_of("parties_party", owners=[party_id], moment=moment)
    (number,) = rows_as_of("parties_contactpoint", owners=[party_id], moment=moment)

    assert (person["name_masked"], person["id_type"]) == ("王*强", "")
    assert number["value_masked"].endswith("6021")


def test_what_the_night_derives_keeps_nothing() -> None:
    contract_id = make_contract()

    Account.objects.filter(pk=contract_id).update(unallocated_minor=7)

    assert db.ask("SELECT FROM audit_former WHERE subject = 'ledger_account'") == []


def test_no_sealed_or_plain_original_is_kept() -> None:
    party_id = make_party("王小强")
    contract_id = make_contract(borrower_id=party_id)
    make_vehicle(contract_id)
    run("UPDATE parties_party SET name_masked = 'x'")
    run("UPDATE vehicles_vehicle SET colour = 'red'")

    said = db.ask("SELECT string_agg(row::text, ' ') AS said FROM audit_former")[0]["said"]

    assert "王*强" in said
    originals = ("王小强", "LSVAA4187E2184321", "沪A", "sealed", "born")
    assert not any(word in said for word in originals)


def test_when_a_row_came_on_file_is_known_of_small_and_large_statements() -> None:
    lender_id = make_lender()
    before = now()
    insert_people(lender_id, LARGE, 1)
    between = now()
    alone = make_party("王小强")
    first, *_, last = (row["id"] for row in db.ask("SELECT id FROM parties_party ORDER BY id"))

    for one in (first, last - 1):
        since = on_file_since("parties_party", one)
        assert since is not None
        assert before < since < between
    since = on_file_since("parties_party", alone)
    assert since is not None
    assert since > between
    assert on_file_since("parties_party", 0) is None


def test_before_anything_was_kept_it_is_said_and_not_guessed() -> None:
    make_party("王小强")
    without = Watched("parties_party", lender="t.lender_id")
    moment = now()
    assert watching.watch([without]) == ["parties_party"]
    kept_not = now()
    run("UPDATE parties_party SET region = '北京'")
    assert watching.watch() == ["parties_party"]

    (gap,) = gaps(["parties_party"], moment=moment)
    assert (gap.table, gap.kind) == ("parties_party", GapKind.NOT_KEPT)
    assert [g.kind for g in gaps(["parties_party"], moment=kept_not)] == [GapKind.NOT_KEPT]
    assert gaps(["parties_party"], moment=now()) == []


def test_what_a_migration_changed_is_said_and_not_guessed() -> None:
    make_party("王小强")
    moment = now()
    watching.rest()
    run("UPDATE parties_party SET region = '北京'")
    watching.watch()

    assert [(g.table, g.kind) for g in gaps(KEPT, moment=moment)] == [
        ("parties_party", GapKind.MIGRATED)
    ]
    assert gaps(KEPT, moment=now()) == []


def test_rows_that_came_in_too_many_stretches_are_said_not_to_be_dated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lender_id = make_lender()
    moment = now()
    run(
        """
        INSERT INTO parties_party (id, lender_id, ref, name_sealed, name_masked, name_index)
        SELECT 1000000 + 2 * n, %s, 'odd-' || n, '', '王*', '' FROM generate_series(1, %s) n
        """,
        lender_id,
        watching.MOST_RANGES + 1,
    )

    assert [g.kind for g in gaps(["parties_party"], moment=moment)] == [GapKind.UNNAMED]


def test_a_forgotten_person_is_forgotten_on_every_day_and_the_record_stands() -> None:
    party_id = make_party("王小强")
    moment = now()
    Party.objects.filter(pk=party_id).update(name_masked="李*华")
    ContactPoint.objects.filter(party_id=party_id).update(is_valid=False)
    run("SELECT access_forget_people(ARRAY[%s]::bigint[])", party_id)

    (person,) = rows_as_of("parties_party", owners=[party_id], moment=moment)
    (number,) = rows_as_of("parties_contactpoint", owners=[party_id], moment=moment)

    assert (person["name_masked"], person["is_forgotten"]) == ("***", True)
    assert (number["value_masked"], number["is_forgotten"]) == ("***", True)
    said = db.ask("SELECT string_agg(row::text, ' ') AS said FROM audit_former")[0]["said"]
    assert not any(word in said for word in ("王*强", "李*华", "6021", "salt"))
    assert not [f for f in verify().faults if f.code.startswith("former")]
    said_so = [e for e in events(act="CHANGED", limit=50) if e.subject == "audit_former"]
    assert [e.facts["op"] for e in said_so] == ["FORGET", "FORGET"]


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ('UPDATE audit_former SET row = row || \'{"region": "x"}\'', "former_differs"),
        ("UPDATE audit_former SET row = row - 'salt', is_forgotten = true", "former_blanked"),
        ("DELETE FROM audit_former", "former_differs"),
        ("UPDATE audit_former SET until = 'epoch', change = change + 1000", "former_unknown"),
    ],
)
def test_whoever_rewrites_what_a_row_was_is_found(tampering: str, fault: str) -> None:
    party_id = make_party("王小强")
    Party.objects.filter(pk=party_id).update(region="北京")
    assert not [f for f in verify().faults if f.code.startswith("former")]

    run(tampering)

    assert fault in {f.code for f in verify().faults}


def test_kept_columns_exist_and_what_is_looked_for_by_is_among_them() -> None:
    for table, watched in KEPT.items():
        assert isinstance(watched.kept, Kept)
        columns = {row["name"] for row in db.ask(former_columns(table))}
        assert set(watched.kept.columns) <= columns
        assert {watched.key, watched.kept.owner} <= set(watched.kept.columns)


def former_columns(table: str) -> str:
    return (
        "SELECT attname::text AS name FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
    )


def test_a_table_without_kept_columns_is_not_told() -> None:
    with pytest.raises(ValueError, match="cases_case"):
        former.rows_as_of("cases_case", owners=[1], moment=now())
