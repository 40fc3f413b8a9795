"""Search finds people by blind indexes, for the lenders whoever searches serves, by index scans."""

import pytest
from django.db import connection

from recoup.foundation import db, vault
from recoup.foundation.access import entering
from recoup.foundation.access.context import held
from recoup.foundation.access.roles import Role
from recoup.modules.assignment import lists
from recoup.modules.parties import queries as parties
from tests.factories import (
    BUSINESS_DAY,
    make_case,
    make_collector,
    make_contract,
    make_lender,
    make_party,
)
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db


def found(text):
    return [row.number for row in lists.search(text, as_of=BUSINESS_DAY)]


@pytest.fixture
def two_lenders():
    """A Wang Xiaoqiang of each lender, with the same number."""
    for code, number in (("anda", "A-1"), ("bieja", "B-1")):
        lender = make_lender(code)
        wang = make_party(lender_id=lender, id_number="310101199001011234")
        make_case(make_contract(lender_id=lender, number=number, borrower_id=wang))


def test_a_person_is_found_whole_by_name_number_and_identity(two_lenders):
    for text in ("王小强", "13812346021", "138 1234 6021", "6021", "310101199001011234"):
        assert found(text) == ["A-1", "B-1"], text
    for text in ("王小", "138123", "021", "31010119900101"):
        assert found(text) == [], text


def test_nothing_is_found_of_a_lender_one_does_not_serve(two_lenders):
    leader = make_collector("zhou_lan", role="LEADER", lender_id=make_lender("anda"))
    with working_as(Role.WEB):
        entered = entering.enter(leader.pk, on=BUSINESS_DAY, has_second_factor=True)
        assert entered is not None
        with held(entered.access):
            assert found("王小强") == found("6021") == found("13812346021") == ["A-1"]
            assert found("B-1") == []
        entering.leave()


MANY = """
INSERT INTO parties_party
SELECT (jsonb_populate_record(NULL::parties_party, to_jsonb(p) || jsonb_build_object(
           'id', 100000 + n, 'ref', 'X-' || n, 'name_index', '\\x' || md5('n' || n),
           'id_number_index', '\\x' || md5('i' || n)))).*
  FROM (SELECT * FROM parties_party LIMIT 1) p, generate_series(1, 3000) n;
INSERT INTO contracts_contract
SELECT (jsonb_populate_record(NULL::contracts_contract, to_jsonb(k) || jsonb_build_object(
           'id', 100000 + n, 'number', 'X-' || n, 'borrower_id', 100000 + n))).*
  FROM (SELECT * FROM contracts_contract LIMIT 1) k, generate_series(1, 3000) n;
ANALYZE parties_party; ANALYZE contracts_contract
"""


def test_each_part_uses_its_index_for_a_web_process_too(two_lenders):
    leader = make_collector("zhou_lan", role="LEADER")
    with connection.cursor() as cursor:  # of so many that reading them all is no choice
        for statement in MANY.split(";"):
            cursor.execute(statement)
    blind = parties.blind_indexes("王小强", vault.seen_indexers())
    asked = {
        "beginning": "A", "plates": [b"p" * 20], "vins": [b"v" * 20],
        "phones": [b"x" * 20], "last_four": "6021",
        "names": list(blind.names), "id_numbers": [b"y" * 20], "as_of": BUSINESS_DAY, "limit": 50,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with working_as(Role.WEB):
        entering.enter(leader.pk, on=BUSINESS_DAY, has_second_factor=True)
        rows = db.ask("EXPLAIN " + lists._SEARCH, asked)
        entering.leave()
    plan = "\n".join(row["QUERY PLAN"] for row in rows)

    conditions = [line.strip() for line in plan.splitlines() if "Index Cond" in line]
    for column in ("value_index = ANY", "last_four", "name_index = ANY", "id_number_index = ANY",
                   "plate_index = ANY", "vin_index = ANY"):  # fmt: skip
        assert any(column in line for line in conditions), f"{column}\n{plan}"
    assert any("number" in line and "~>=~" in line for line in conditions), plan
