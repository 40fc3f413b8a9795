"""What is read leaves a line; the record is read by auditors, and a case by inspectors."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.test import Client

from recoup.foundation.audit.queries import EventRow, events
from recoup.interfaces.inspection.package import faults, manifest_sha256
from recoup.interfaces.web.entering import SECOND_FACTOR
from recoup.modules.workforce.models import User
from tests import factories
from tests.interfaces.web.mornings import Morning, make_morning, signed_in
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(at_ten: None) -> Morning:
    return make_morning()


def make_person(username: str, role: str, **more: Any) -> User:
    """Somebody of this role; an inspector's ends one day."""
    until = {"expires_on": date(2027, 1, 31)} if role == "INSPECTOR" else {}
    return factories.make_collector(username, username, role=role, **(until | more))


def strong(username: str, role: str, language: str = "zh-hans", **more: Any) -> Client:
    """Somebody of this role, signed in with a second factor."""
    client = signed_in(make_person(username, role, **more), language)
    session = client.session
    session[SECOND_FACTOR] = 1
    session.save()
    return client


def last(act: str) -> EventRow:
    return events(act=act, limit=1)[0]


@pytest.mark.parametrize(
    ("address", "act"),
    [
        ("/contracts/{wang}/case", "CASE_SEEN"),
        ("/contracts/{wang}/account", "ACCOUNT_SEEN"),
        ("/contracts/{wang}/account?as_of=2026-11-01", "ACCOUNT_SEEN"),
        ("/", "LISTED"),
        ("/cases", "LISTED"),
        ("/search?q=AF2024", "SEARCHED"),
    ],
)
def test_whoever_sees_a_debt_leaves_a_line_with_their_name(
    morning: Morning, address: str, act: str
) -> None:
    wang = morning.wang_38_days_late

    assert signed_in(morning.liu_min).get(address.format(wang=wang)).status_code == 200

    event = last(act)
    assert event.actor_id == morning.liu_min.pk
    assert wang in event.contract_ids
    assert event.db_role == "recoup_web"
    assert act in {e.act for e in events(contract_id=wang)}


def test_a_list_names_those_shown_and_no_others(morning: Morning) -> None:
    signed_in(morning.liu_min).get("/")

    assert set(last("LISTED").contract_ids) == {
        morning.wang_38_days_late,
        morning.chen_6_days_late,
        morning.zhao_74_days_late,
        morning.smith_12_days_late,
    }


def test_what_was_searched_for_is_not_on_record_but_what_it_was_found_by(
    morning: Morning,
) -> None:
    signed_in(morning.liu_min).get("/search?q=王小强")

    event = last("SEARCHED")
    assert event.facts == {"found": 1, "by": ["name"], "length": 3}
    assert "王小强" not in str(event)


def test_who_is_not_let_in_sees_nothing_and_no_line_says_they_did(morning: Morning) -> None:
    finance = factories.make_collector("ma_li", "马丽", role="INTAKE")

    answer = signed_in(finance).get(f"/contracts/{morning.wang_38_days_late}/case")

    assert answer.status_code == 403
    assert events(act="CASE_SEEN") == []


def test_a_change_at_the_desk_is_on_record_with_who_made_it(morning: Morning) -> None:
    wang = morning.wang_38_days_late

    signed_in(morning.liu_min).post(f"/contracts/{wang}/hold", {"reason": "他在住院"})

    changed = [e for e in events(contract_id=wang, act="CHANGED") if e.subject == "cases_case"]
    assert changed[0].actor_id == morning.liu_min.pk
    assert changed[0].facts["images"][0]["after"]["state"] == "HELD"
    assert "住院" not in str([e.facts for e in events(limit=500)])


def test_an_auditor_reads_the_record_and_that_is_on_record(morning: Morning) -> None:
    signed_in(morning.liu_min).get(f"/contracts/{morning.wang_38_days_late}/case")
    auditor = strong("xu_cheng", "AUDIT")

    page = words(auditor.get("/audit?contract=AF2024-000038").text)

    assert "查看案件" in page
    assert "刘敏" in page
    assert last("AUDIT_SEEN").facts == {"contract": "AF2024-000038"}


def test_filters_leave_only_what_fits(morning: Morning) -> None:
    signed_in(morning.liu_min).get(f"/contracts/{morning.wang_38_days_late}/case")
    auditor = strong("xu_cheng", "AUDIT", "en")

    only = words(auditor.get("/audit?actor=liu_min&act=CASE_SEEN").text)
    none = words(auditor.get("/audit?actor=he_jie&act=CASE_SEEN").text)
    unknown = words(auditor.get("/audit?contract=NO-SUCH").text)
    odd = auditor.get("/audit?act=<script>&before=yesterday&actor=%00")

    assert "刘敏" in only
    assert "No such event" in none
    assert "There is no contract NO-SUCH within your reach." in unknown
    assert odd.status_code == 200


def test_earlier_events_are_a_page_further(morning: Morning) -> None:
    liu = signed_in(morning.liu_min)
    for _ in range(52):
        liu.get("/cases")
    auditor = strong("xu_cheng", "AUDIT", "en")

    first = auditor.get("/audit?act=LISTED")
    further = auditor.get("/audit", {"act": "LISTED", "before": first.context["earlier"]})

    assert len(first.context["lines"]) == 50
    assert len(further.context["lines"]) == 2


def test_an_auditor_of_one_lender_sees_no_line_about_another(morning: Morning) -> None:
    liu = signed_in(morning.liu_min)
    liu.get(f"/contracts/{morning.wang_38_days_late}/case")
    liu.get(f"/contracts/{morning.smith_12_days_late}/case")
    auditor = strong("xu_cheng", "AUDIT", lender_id=last("CASE_SEEN").lender_id)  # Smith's

    seen = auditor.get("/audit?act=CASE_SEEN").context["lines"]

    assert {line.row.contract_ids for line in seen} == {(morning.smith_12_days_late,)}
    assert auditor.get("/audit?contract=AF2024-000038").context["lines"] == []


def test_a_list_of_several_lenders_is_read_by_an_auditor_of_all_alone(morning: Morning) -> None:
    signed_in(morning.liu_min).get("/")  # Wang owes yuan to one lender, Smith dollars to another
    smiths = events(contract_id=morning.smith_12_days_late, act="CHANGED")[0].lender_id
    of_all = strong("xu_cheng", "AUDIT")
    of_one = strong("he_xun", "AUDIT", lender_id=smiths)

    assert len(of_all.get("/audit?act=LISTED").context["lines"]) == 1
    assert of_one.get("/audit?act=LISTED").context["lines"] == []


def test_without_second_factor_neither_record_nor_inspection_opens(morning: Morning) -> None:
    auditor = signed_in(factories.make_collector("xu_cheng", "许诚", role="AUDIT"))
    inspector = signed_in(make_person("gao_ming", "INSPECTOR"))

    assert auditor.get("/audit").status_code in {302, 403}
    assert inspector.get("/inspection").status_code in {302, 403}
    assert events(act="AUDIT_SEEN") == []


def test_an_inspector_asks_for_a_number_and_sees_the_case_of_the_day(morning: Morning) -> None:
    inspector = strong("gao_ming", "INSPECTOR")

    asked = inspector.get("/inspection?number=AF2024-000038&as_of=2026-11-19")
    page = inspector.get(asked["Location"])

    assert page.status_code == 200
    assert "王*强" in page.text
    assert "王小强" not in page.text
    assert last("INSPECTED").facts == {"as_of": "2026-11-19"}


def test_an_inspector_takes_a_file_along_that_the_record_knows(morning: Morning) -> None:
    inspector = strong("gao_ming", "INSPECTOR")

    answer = inspector.post(
        f"/inspection/{morning.wang_38_days_late}/file", {"as_of": "2026-11-19"}
    )

    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    assert "case-AF2024-000038-2026-11-19.zip" in answer["Content-Disposition"]
    assert faults(answer.content) == []
    assert last("EXPORTED").facts["manifest_sha256"] == manifest_sha256(answer.content)
    assert (
        "王小强"
        not in zipfile.ZipFile(io.BytesIO(answer.content))
        .read("case-AF2024-000038-2026-11-19/case.html")
        .decode()
    )


@pytest.mark.parametrize(
    "address",
    [
        "/inspection?number=NO-SUCH&as_of=2026-11-19",
        "/inspection?number=AF2024-000038&as_of=tomorrow",
        "/inspection/{wang}?as_of=2099-01-01",
        "/inspection/999999?as_of=2026-11-19",
    ],
)
def test_a_wrong_question_is_answered_in_words_and_leaves_no_inspection(
    morning: Morning, address: str
) -> None:
    inspector = strong("gao_ming", "INSPECTOR", "en")

    answer = inspector.get(address.format(wang=morning.wang_38_days_late))

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert events(act="INSPECTED") == []


def test_an_inspector_of_one_lender_inspects_no_case_of_another(morning: Morning) -> None:
    smiths = events(contract_id=morning.smith_12_days_late, act="CHANGED")[0].lender_id
    inspector = strong("gao_ming", "INSPECTOR", "en", lender_id=smiths)

    answer = inspector.get(f"/inspection/{morning.wang_38_days_late}?as_of=2026-11-19")

    assert answer.status_code == 422
    assert events(act="INSPECTED") == []
