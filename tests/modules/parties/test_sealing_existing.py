"""An installation from before sealing: what stood in clear is sealed, and goes on if killed."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from recoup.foundation import db, vault
from recoup.foundation.access.context import as_system
from recoup.modules.intake import queries as intake
from recoup.modules.parties import queries, sealing_existing
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.parties.sealing import BORN_ON, ID_NUMBER, NAME, VALUE
from recoup.modules.vehicles import queries as vehicles
from recoup.modules.vehicles.models import Vehicle
from recoup.modules.vehicles.services import reveal
from tests.factories import make_contract, make_party, make_vehicle

BEFORE = [("parties", "0002_search"), ("intake", "0003_schedule_from_terms")]
OLD_ROWS = """
INSERT INTO parties_lender (id, code, name, currency) VALUES (71, 'alt', '旧委托方', 'CNY');
INSERT INTO parties_party (id, lender_id, ref, name, id_number, employer)
SELECT n, 71, 'P-' || n, '旧客户' || n,
       CASE WHEN n > 1 THEN '31010119900101' || 1000 + n ELSE '' END, ''
  FROM generate_series(1, 7) n;
INSERT INTO parties_contactpoint (party_id, kind, value)
SELECT n, 'MOBILE', '1380000000' || n FROM generate_series(1, 7) n;
INSERT INTO parties_contactpoint (party_id, kind, value) VALUES (1, 'MOBILE', '+86 138 0000 0001');
INSERT INTO intake_batch (id, lender_id, kind, filename, sha256, size_bytes, state, received_at,
                          mapping_code, spec_sha256, columns, rows_total, rows_good, rows_bad,
                          rows_unchanged, totals, refusal_code, refusal_params)
VALUES (72, 71, 'parties', 'a.csv', '', 1, 'DONE', now(), '', '', '[]', 1, 0, 1, 0, '{}', '', '{}');
INSERT INTO intake_quarantinedrow (batch_id, row_number, kind, "column", value, code, params, raw)
VALUES (72, 2, 'parties', '生日', '31.02.', 'date_impossible', '{"text": "31.02."}',
        '["P-8", "旧客户八", "31.02."]');
"""


@pytest.fixture
def old_layout(transactional_db):
    """The tables as they were, with rows in clear."""
    MigrationExecutor(connection).migrate(BEFORE)
    with connection.cursor() as cursor:
        for table in ("parties_party", "parties_contactpoint", "intake_quarantinedrow"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # of later versions
        cursor.execute(OLD_ROWS)


@pytest.mark.django_db(transaction=True)
def test_what_stood_in_clear_is_sealed_masked_and_found_again(old_layout, monkeypatch):
    monkeypatch.setattr(sealing_existing, "PORTION", 3)
    MigrationExecutor(connection).migrate([("parties", "0003_sealed_columns")])
    killed = _killed_after(monkeypatch, portions=1)
    with pytest.raises(KeyboardInterrupt):
        sealing_existing.seal_parties()
    monkeypatch.setattr(sealing_existing, "_party", killed)
    assert _in_clear("parties_party", "name") == 4
    migrate_to_now()

    with as_system("test"):
        three = Party.objects.get(pk=3)
        assert _opened(three.name_sealed, f"{NAME}/P-3") == "旧客户3"
        assert _opened(three.id_number_sealed, f"{ID_NUMBER}/P-3") == "310101199001011003"
        assert (three.name_masked, three.id_number_masked) == ("旧**3", "310***********1003")
        point = ContactPoint.objects.get(party_id=3)
        assert _opened(point.value_sealed, f"{VALUE}/P-3/MOBILE") == "13800000003"
        blind = queries.blind_indexes("13800000003", vault.seen_indexers())
        assert blind.phones == (bytes(point.value_index),)
        (fault,) = intake.faults(72, limit=10)[0]
        assert (fault.value, fault.params, fault.raw) == (
            "31.02.", {"text": "31.02."}, ["P-8", "旧客户八", "31.02."])  # fmt: skip
    one = Party.objects.get(pk=1)
    assert (one.id_number_sealed, one.id_number_masked, one.employer_index) == (None, "", None)
    assert ContactPoint.objects.filter(party_id=1).count() == 1  # one number in two spellings
    assert _everything_of("parties_party", "parties_contactpoint", "intake_quarantinedrow") == []


def migrate_to_now():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


BEFORE_BIRTHDAYS = [("parties", "0008_locked"), ("vehicles", "0002_search")]
IN_CLEAR = """
ALTER TABLE parties_party DISABLE TRIGGER USER;
ALTER TABLE parties_contactpoint DISABLE TRIGGER USER;
ALTER TABLE vehicles_vehicle DISABLE TRIGGER USER;
UPDATE parties_party SET born_on = CASE WHEN id %% 2 = 0 THEN DATE '1988-02-29' END,
       name_index = substring(name_index FROM 5),
       id_number_index = substring(id_number_index FROM 5);
UPDATE parties_contactpoint SET value_index = substring(value_index FROM 5);
UPDATE vehicles_vehicle SET plate = '沪A·58K21', vin = 'LSVAA4187E2184321' WHERE id %% 3 > 0;
"""


@pytest.mark.django_db(transaction=True)
def test_birthdays_plates_and_frame_numbers_are_sealed_and_indexes_name_their_key(monkeypatch):
    people = [make_party(f"旧客户{n}", id_number=f"ID-{n:08d}") for n in range(7)]
    for n, party in enumerate(people):
        make_vehicle(make_contract(borrower_id=party, number=f"HT-{n}"), plate="", vin="")
    indexes = dict(Party.objects.values_list("id", "name_index"))
    MigrationExecutor(connection).migrate(BEFORE_BIRTHDAYS)
    with connection.cursor() as cursor:
        cursor.execute(IN_CLEAR.replace("%%", "%"))
    monkeypatch.setattr(sealing_existing, "PORTION", 2)
    migrate_to_now()

    assert dict(Party.objects.values_list("id", "name_index")) == indexes
    with as_system("test"):
        for one in Party.objects.all():
            leap = one.pk % 2 == 0
            assert one.born_on_masked == ("****-**-**" if leap else "")
            if leap:
                about = f"{BORN_ON}/{one.ref}"
                text = vault.open(one.born_on_sealed, lender_id=one.lender_id, about=about)
                assert text == "1988-02-29"
        blind = vehicles.blind_indexes("沪a58k21", vault.seen_indexers())
        found = Vehicle.objects.filter(plate_index__in=blind.plates)
        cars = {car.contract_id for car in Vehicle.objects.all() if car.pk % 3}
        assert {car.contract_id for car in found} == cars != set()
        shown = reveal(contract_ids=sorted(cars))
        assert {(one.plate, one.vin) for one in shown} == {("沪A·58K21", "LSVAA4187E2184321")}
    assert {car.vin_masked for car in Vehicle.objects.all()} == {"", "***********184321"}


def _killed_after(monkeypatch, portions):
    """Make the sealing of parties die in its portion after these; returns what it was."""
    was, seen = sealing_existing._party, []

    def dying(data, row):
        seen.append(row["id"])
        if len(seen) > portions * sealing_existing.PORTION:
            raise KeyboardInterrupt
        return was(data, row)

    monkeypatch.setattr(sealing_existing, "_party", dying)
    return was


def _opened(sealed, about):
    return vault.open(sealed, lender_id=71, about=about)


def _in_clear(table, column):
    return db.ask(f"SELECT count(*) AS n FROM {table} WHERE {column} LIKE '旧客户%%'")[0]["n"]


def _everything_of(*tables):
    """Rows of these tables that still hold a name or number in clear, whole as text."""
    found = []
    for table in tables:
        found += db.ask(
            f"SELECT t::text FROM {table} t WHERE t::text LIKE ANY (ARRAY['%%旧客户%%',"
            " '%%1380000000%%', '%%3101011990010110%%', '%%31.02.%%'])"
        )
    return found
