"""How many SQL queries each page asks: exactly as many as query_counts.json says, at most ten."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.interfaces.web.mornings import make_late, make_morning, signed_in

pytestmark = pytest.mark.django_db
COUNTS = json.loads((Path(__file__).parent / "query_counts.json").read_text())
ADDRESSES = {
    "worklist": "/",
    "worklist_filtered": "/?only=broken",
    "case": "/contracts/{wang}/case",
    "account": "/contracts/{wang}/account",
    "cases": "/cases",
    "promises": "/promises",
    "search": "/search?q=AF2024",
    "team": "/team",
    "gallery": "/gallery",
}
MOST = 10


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_asks_as_many_queries_as_the_file_says_whatever_it_shows(name):
    morning = make_morning()
    address = ADDRESSES[name].format(wang=morning.wang_38_days_late)
    reader = {"team": morning.leader, "gallery": morning.operator}.get(name, morning.liu_min)
    client = signed_in(reader)
    asked = []
    for days_late in (100, 101):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        asked.append(len(captured))
        make_late("后来者", days_late, morning.liu_min, days_late, ["IN_ORDER"])
    assert asked == [COUNTS[name]] * 2
    assert asked[0] <= MOST


def test_taking_the_next_case_asks_as_few_as_the_file_says():
    client = signed_in(make_morning().liu_min)
    with CaptureQueriesContext(connection) as captured:
        assert client.post("/next").status_code == 302
    assert len(captured) == COUNTS["next"]
