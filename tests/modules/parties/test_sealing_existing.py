"""An installation from before sealing: what stood in clear is sealed, and goes on if killed."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from recoup.foundation import db, vault
from recoup.foundation.access.context import as_system
from recoup.modules.intake import queries as intake
from recoup.modules.parties import queries, sealing_existing
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.parties.sealing import ID_NUMBER, NAME, VALUE

BEFORE = [("parties", "0002_search"), ("intake", "0003_schedule_from_terms")]
NOW = [("parties", "0007_last_four"), ("intake", "0007_written_anew")]
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
    MigrationExecutor(connection).migrate(NOW)

    with as_system("test"):
        three = Party.objects.get(pk=3)
        assert _opened(three.name_sealed, f"{NAME}/P-3") == "旧客户3"
        assert _opened(three.id_number_sealed, f"{ID_NUMBER}/P-3") == "310101199001011003"
        assert (three.name_masked, three.id_number_masked) == ("旧**3", "310***********1003")
        point = ContactPoint.objects.get(party_id=3)
        assert _opened(point.value_sealed, f"{VALUE}/P-3/MOBILE") == "13800000003"
        assert queries.blind_indexes("13800000003").phones == (bytes(point.value_index),)
        (fault,) = intake.faults(72, limit=10)[0]
        assert (fault.value, fault.params, fault.raw) == (
            "31.02.", {"text": "31.02."}, ["P-8", "旧客户八", "31.02."])  # fmt: skip
    one = Party.objects.get(pk=1)
    assert (one.id_number_sealed, one.id_number_masked, one.employer_index) == (None, "", None)
    assert ContactPoint.objects.filter(party_id=1).count() == 1  # one number in two spellings
    assert _everything_of("parties_party", "parties_contactpoint", "intake_quarantinedrow") == []


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
