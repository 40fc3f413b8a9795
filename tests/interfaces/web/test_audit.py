"""What is read leaves a line; the record is read by auditors, and a case by inspectors."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from recoup.foundation import db
from recoup.foundation.audit.queries import EventRow, events
from recoup.foundation.audit.watched import BY_TABLE
from recoup.interfaces.inspection.names import COLUMNS, FIELDS, SUBJECTS
from recoup.interfaces.inspection.package import faults, manifest_sha256
from recoup.interfaces.web.entering import SECOND_FACTOR
from recoup.modules.parties.models import Party
from recoup.modules.workforce.models import User
from tests import factories
from tests.interfaces.web.mornings import Morning, make_morning, signed_in
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db
# Whose tables are told in words; those of others speak for themselves.
KNOWN_MODULES = {
    "cases",
    "comms",
    "contracts",
    "custody",
    "exports",
    "filestore",
    "intake",
    "ledger",
    "parties",
    "plans",
    "privacy",
    "strategy",
    "vehicles",
    "workforce",
}


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
    odd = auditor.get("/audit?act=<script>&after=yesterday~1~x&actor=%00&subject=x&lender=x")

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
    further = auditor.get("/audit", {"act": "LISTED", "after": first.context["after"]})

    assert len(first.context["lines"]) == 50
    assert len(further.context["lines"]) == 2
    assert further.context["after"] == ""
    both = [line.row.place for page in (first, further) for line in page.context["lines"]]
    assert len(set(both)) == 52


def test_a_change_is_told_field_by_field_in_words(morning: Morning) -> None:
    signed_in(morning.liu_min).post(
        f"/contracts/{morning.wang_38_days_late}/hold", {"reason": "他在住院"}
    )
    auditor, english = strong("xu_cheng", "AUDIT"), strong("ren_yi", "AUDIT", "en")
    address = "/audit?contract=AF2024-000038&subject=cases_case&act=CHANGED"

    (line,) = auditor.get(address).context["lines"][:1]
    (spoken,) = english.get(address).context["lines"][:1]
    page = words(auditor.get(address).text)

    (row,) = line.told.rows
    state = next(field for field in row.fields if field.name == "状态")
    assert (state.before, state.after) == ("在催", "停催")
    (row,) = spoken.told.rows
    state = next(field for field in row.fields if field.name == "State")
    assert (state.before, state.after) == ("Case open", "Contact held")
    assert "停催" in page
    assert "住院" not in page
    assert line.contracts == ("AF2024-000038",)


def test_a_change_of_what_the_record_does_not_hold_says_only_that(morning: Morning) -> None:
    Party.objects.filter(name_masked="王*强").update(name_masked="李*华")

    page = strong("xu_cheng", "AUDIT", "en").get("/audit?subject=parties_party&act=CHANGED")

    assert "What it was and became is not in the record." in words(page.text)
    assert "王*强" not in page.text
    assert "李*华" not in page.text


def test_a_large_statement_says_how_many_rows_and_which(morning: Morning) -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO ledger_payment (contract_id, value_on, amount_minor, currency, channel,
                                        received_at, reference)
            SELECT 1, '2026-11-20', 100 + n, 'CNY', 'TRANSFER', now(), 'r' || n
              FROM generate_series(1, 1200) n
        """)
    auditor = strong("xu_cheng", "AUDIT", "en")

    line = auditor.get("/audit?subject=ledger_payment&act=CHANGED").context["lines"][0]

    assert line.told.line.startswith("1,200 rows added: numbers ")
    assert line.told.rows == ()


def test_days_are_whole_and_both_ends_count(morning: Morning) -> None:
    signed_in(morning.liu_min).get("/cases")
    today = timezone.localdate(last("LISTED").at)
    auditor = strong("xu_cheng", "AUDIT", "en")

    def seen(since: date, until: date) -> int:
        return len(
            auditor.get(
                f"/audit?act=LISTED&since={since.isoformat()}&until={until.isoformat()}"
            ).context["lines"]
        )

    day = timedelta(days=1)
    assert seen(today, today) == 1
    assert seen(today - day, today - day) == 0
    assert seen(today + day, today + day) == 0


@pytest.mark.parametrize("bad", ["since=yesterday", "until=2026-02-30", "since=0001-01-01"])
def test_a_day_that_is_none_is_said_beside_the_field(morning: Morning, bad: str) -> None:
    answer = strong("xu_cheng", "AUDIT", "en").get(f"/audit?{bad}")

    assert answer.status_code == 422
    assert "This is not a day." in words(answer.text)
    assert answer.context["lines"] == []


def test_one_thing_one_person_and_one_lender_are_asked_for(morning: Morning) -> None:
    liu = signed_in(morning.liu_min)
    liu.get(f"/contracts/{morning.wang_38_days_late}/case")
    liu.get(f"/contracts/{morning.smith_12_days_late}/case")
    smiths = last("CASE_SEEN")
    auditor = strong("xu_cheng", "AUDIT", "en")

    def seen(query: str) -> set[int]:
        lines = auditor.get(f"/audit?act=CASE_SEEN&{query}").context["lines"]
        return {line.row.subject_id for line in lines}

    wang, smith = morning.wang_38_days_late, morning.smith_12_days_late
    assert seen("") == {wang, smith}
    assert seen(f"lender={smiths.lender_id}") == {smith}
    assert seen(f"subject=contract&number={wang}") == {wang}
    assert seen("actor=1042") == {wang, smith}
    assert seen("actor=刘敏") == {wang, smith}
    assert seen("actor=he_jie") == set()
    assert seen("actor=nobody_here") == set()


def test_every_kind_of_watched_table_and_column_has_a_name() -> None:
    without = {table for table in BY_TABLE if table not in SUBJECTS}
    unnamed = {table for table in without if table.split("_")[0] in KNOWN_MODULES}
    assert unnamed == set(), "name them in recoup/interfaces/inspection/names.py"
    for row in db.ask("""
        SELECT c.relname::text AS table, a.attname::text AS column
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
           AND a.atttypid <> 'bytea'::regtype
    """):
        watched = BY_TABLE.get(row["table"])
        if watched is None or row["table"].split("_")[0] not in KNOWN_MODULES:
            continue
        left_out = {*watched.secret, *watched.derived}
        assert row["column"] in {*FIELDS, *COLUMNS, *left_out}, row


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


def test_of_two_lenders_with_one_number_the_inspector_says_whose(morning: Morning) -> None:
    other = factories.make_lender("qingshan", "青山融资")
    twin = factories.make_contract(number="AF2024-000038", lender_id=other)
    inspector = strong("gao_ming", "INSPECTOR", "en")
    asked = {"number": "AF2024-000038", "as_of": "2026-11-19"}

    which = inspector.get("/inspection", asked)
    told = inspector.get("/inspection", asked | {"lender": str(other)})

    assert which.status_code == 422
    assert (other, "青山融资") in which.context["choices"]
    assert len(which.context["choices"]) == 2
    assert told["Location"].startswith(f"/inspection/{twin}?")
    auditor = strong("xu_cheng", "AUDIT", "en")
    assert auditor.get("/audit?contract=AF2024-000038").status_code == 422
    assert auditor.get(f"/audit?contract=AF2024-000038&lender={other}").status_code == 200
