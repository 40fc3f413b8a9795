"""The pages of those who keep privacy: requests with their days, the person's file, four eyes."""

import io
import json
import zipfile
from datetime import date
from hashlib import sha256

import pytest

from recoup.interfaces.worker import privacy_tasks
from recoup.modules.comms.rules import CallResult
from recoup.modules.parties.models import Party
from recoup.modules.privacy.models import (
    Assessment,
    Consent,
    DataRequest,
    ErasureRun,
    LegalHold,
    Restriction,
    RetentionRule,
)
from recoup.modules.workforce.models import Grant
from tests import factories
from tests.factories import AT_TEN
from tests.interfaces.web.test_exports import strong
from tests.modules.privacy.conftest import Archive, outside

pytestmark = pytest.mark.django_db(transaction=True)
ASKS = {"kind": "ACCESS", "channel": "LETTER", "detail": "一切", "received_on": "2026-11-19"}


__all__ = ["outside"]  # a fixture


@pytest.fixture
def archive(at_ten, tmp_path, settings, outside) -> Archive:
    settings.MEDIA_ROOT = tmp_path
    return Archive()


@pytest.fixture
def cao(archive):
    return strong(archive.cao)


@pytest.fixture
def song(archive):
    return strong(archive.song)


def test_somebody_is_found_by_their_contract_masked(archive, cao):
    page = cao.get("/privacy?number=AF2022-1").content.decode()

    assert "陈*" in page
    assert "陈洁" not in page
    assert f"/privacy/people/{archive.chen}" in page


def test_a_request_has_its_day_and_is_late_after_it(archive, cao):
    cao.post(f"/privacy/people/{archive.chen}/requests", ASKS | {"received_on": "2026-11-01"})

    row = DataRequest.objects.get()
    assert (row.state, row.due_on) == ("RECEIVED", date(2026, 11, 16))
    assert "late" in cao.get("/privacy").content.decode()


def test_no_file_and_no_answer_before_the_identity_is_checked(archive, cao):
    cao.post(f"/privacy/people/{archive.chen}/requests", ASKS)
    number = DataRequest.objects.get().pk

    said = cao.post(f"/privacy/requests/{number}/file", follow=True).content.decode()
    assert "identity first" in said
    cao.post(f"/privacy/requests/{number}/answer", {"decision": "grant", "answer": "sent"})

    assert DataRequest.objects.get().state == "RECEIVED"


def test_the_persons_file_holds_everything_about_them_and_nothing_of_others(archive, cao):
    lin = factories.make_party("林涛涛", phone="13611110000")
    factories.name_in_contract(archive.chens, lin, "GUARANTOR")
    case = factories.make_case(archive.chens, collector=archive.liu, opened_on=date(2026, 11, 1))
    factories.make_call(
        case, lin, CallResult.CALL_BACK, AT_TEN, actor=archive.liu, note="林涛涛说他没钱"
    )
    cao.post(f"/privacy/people/{archive.chen}/requests", ASKS)
    number = DataRequest.objects.get().pk
    cao.post(f"/privacy/requests/{number}/identity", {"check": "ID_DOCUMENT"})

    answer = cao.post(f"/privacy/requests/{number}/file")

    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    names = {"data.json", "zh.html", "en.html", "manifest.json"}
    assert set(packed.namelist()) == names
    parts = {name: packed.read(name) for name in names}
    assert json.loads(parts["manifest.json"]) == {
        name: sha256(parts[name]).hexdigest() for name in names - {"manifest.json"}
    }
    data = json.loads(parts["data.json"])["sections"]
    (person,) = data["person"]
    assert (person["name"], person["id_number"]) == ("陈洁", "310101199001011234")
    assert [point["value"] for point in data["contact_points"]] == ["13820250331"]
    assert [row["number"] for row in data["contracts"]] == ["AF2022-1"]
    assert data["dues"]
    assert data["vehicles"]
    assert {row["note"] for row in data["calls"]} == {"下午再打，她在医院"}
    everything = b"".join(parts.values()).decode()
    assert "林涛" not in everything, "of other people it holds nothing"
    assert "王小强" not in everything
    assert "您的个人信息" in parts["zh.html"].decode()
    assert "Your personal data" in parts["en.html"].decode()
    assert DataRequest.objects.get().file_sha256 == sha256(answer.content).hexdigest()


def test_a_contact_person_learns_nothing_of_the_debt(archive, cao):
    cao.post(f"/privacy/people/{archive.lin}/requests", ASKS)
    number = DataRequest.objects.get().pk
    cao.post(f"/privacy/requests/{number}/identity", {"check": "CALL_BACK"})

    packed = zipfile.ZipFile(io.BytesIO(cao.post(f"/privacy/requests/{number}/file").content))

    data = json.loads(packed.read("data.json"))["sections"]
    (contract,) = data["contracts"]
    assert (contract["role"], contract["principal_minor"]) == ("CONTACT", None)
    assert not data["dues"]
    assert not data["payments"]
    assert not data["cases"]


def test_a_refusal_needs_its_reason(archive, cao):
    cao.post(f"/privacy/people/{archive.chen}/requests", ASKS | {"kind": "DELETION"})
    number = DataRequest.objects.get().pk

    cao.post(f"/privacy/requests/{number}/answer", {"decision": "refuse", "answer": " "})
    assert DataRequest.objects.get().state == "RECEIVED"
    said = {"decision": "refuse", "answer": "反洗钱法第34条要求保存十年"}
    cao.post(f"/privacy/requests/{number}/answer", said)

    row = DataRequest.objects.get()
    assert (row.state, row.answer) == ("REFUSED", "反洗钱法第34条要求保存十年")


def test_a_deletion_is_listed_by_one_and_let_go_by_another(archive, cao, song):
    cao.post("/privacy/retention/runs")
    run = ErasureRun.objects.get().pk
    privacy_tasks.list_due(run_id=run)
    page = cao.get("/privacy/retention").content.decode()
    assert "A second person decides" in page
    cao.post(f"/privacy/retention/runs/{run}", {"decision": "approve"})
    assert ErasureRun.objects.get().state == "PLANNED"

    song.post(f"/privacy/retention/runs/{run}", {"decision": "approve"})
    privacy_tasks.forget(run_id=run)

    assert ErasureRun.objects.get().state == "DONE"
    assert Party.objects.get(pk=archive.wang).name_masked == "***"


def test_a_hold_is_placed_on_a_person_and_lifted_with_a_reason(archive, cao):
    cao.post(f"/privacy/people/{archive.wang}/holds", {"reason": "诉讼中", "until": ""})
    cao.post(f"/privacy/people/{archive.wang}/holds", {"reason": "一审正在进行", "until": ""})
    hold = LegalHold.objects.get()
    assert "一审正在进行" in cao.get("/privacy/retention").content.decode()

    cao.post(f"/privacy/holds/{hold.pk}/end", {"reason": "二审已结案"})

    assert LegalHold.objects.get().lifted_reason == "二审已结案"


def test_a_consent_is_given_to_a_wording_and_withdrawn(archive, cao):
    cao.post("/privacy/wordings", {
        "code": "GPS", "sensitive_kind": "LOCATION", "text_zh": "我同意查询车辆位置",
        "text_en": "I agree that the car is located", "in_force_on": "2026-01-01",
    })  # fmt: skip
    page = cao.get(f"/privacy/people/{archive.chen}").content.decode()
    assert "GPS v1" in page
    cao.post(f"/privacy/people/{archive.chen}/consents", {
        "wording": "1", "given_on": "2026-11-01", "channel": "COUNTER", "evidence": "柜面签名 A-1",
    })  # fmt: skip
    consent = Consent.objects.get()

    said = {"withdrawn_on": "2026-11-20", "channel": "COUNTER"}
    cao.post(f"/privacy/consents/{consent.pk}/withdrawal", said)

    assert Consent.objects.get().withdrawn_on == date(2026, 11, 20)


def test_an_assessment_is_approved_by_a_second_person(archive, cao, song):
    cao.post("/privacy/assessments", {
        "reason": "SENSITIVE", "title": "车辆定位", "processing": "查询车辆位置",
        "necessity": "合同约定且必要", "risks": "行踪暴露", "measures": "单独同意、审批、留痕",
        "risk": "MEDIUM",
    })  # fmt: skip
    made = Assessment.objects.get()
    cao.post(f"/privacy/assessments/{made.pk}/approval")
    assert Assessment.objects.get().approved_by is None

    song.post(f"/privacy/assessments/{made.pk}/approval")

    row = Assessment.objects.get()
    assert row.approved_by == archive.song.pk
    assert row.keep_until == date(2029, 11, 20)


def test_nobody_of_another_lender_is_found(archive):
    other = factories.make_lender("other", "别家")
    keeper = factories.make_collector("hu_ke", "胡可", role="OPERATOR")
    Grant.objects.filter(user=keeper).update(ended_at=AT_TEN)
    factories.make_grant(keeper, "COMPLIANCE", lender_id=other)
    client = strong(keeper)

    assert "陈*" not in client.get("/privacy?number=AF2022-1").content.decode()
    assert client.get(f"/privacy/people/{archive.chen}").status_code == 404
    assert client.post(f"/privacy/people/{archive.chen}/requests", ASKS).status_code == 404
    assert DataRequest.objects.count() == 0


def test_a_lender_gets_a_schedule_of_its_own_but_none_below_the_law(archive, cao):
    said = {"kind": "OBLIGOR", "lender": str(archive.lender), "basis": "合同约定十五年"}

    refused = cao.post("/privacy/retention/rules", said | {"months": "24"}, follow=True)
    assert "at least 120 months" in refused.content.decode()
    assert RetentionRule.objects.filter(lender_id=archive.lender).count() == 0
    cao.post("/privacy/retention/rules", said | {"months": "180"})

    assert RetentionRule.objects.get(lender_id=archive.lender).months == 180


@pytest.mark.parametrize(("number", "scope"), [("AF2012-1", "CONTRACT"), ("", "LENDER")])
def test_a_contract_or_a_whole_lender_is_held(archive, cao, number, scope):
    said = {"lender": str(archive.lender), "number": number, "reason": "监管调查", "until": ""}

    cao.post("/privacy/holds", said)

    assert LegalHold.objects.get().scope == scope


def test_a_mistyped_contract_holds_nothing_rather_than_everything(archive, cao):
    said = {"lender": str(archive.lender), "number": "AF2012-l", "reason": "监管调查", "until": ""}

    cao.post("/privacy/holds", said)

    assert LegalHold.objects.count() == 0


OBJECTS = {"cause": "OBJECTION", "reason": "不愿再接电话"}


def test_who_is_restricted_leaves_every_page_but_those_of_who_keeps_privacy(archive, cao):
    leader = strong(factories.make_collector("zhou_lan", "周岚", role="LEADER"))
    case = f"/contracts/{archive.zhaos}/account"
    assert leader.get(case).status_code == 200
    cao.post(f"/privacy/people/{archive.zhao}/restrictions", OBJECTS)

    assert leader.get(case).status_code == 404
    assert "赵*" not in leader.get("/search?q=AF2024-9", follow=True).content.decode()
    assert cao.get(case).status_code == 200
    page = cao.get(f"/privacy/people/{archive.zhao}").content.decode()
    assert "不愿再接电话" in page
    assert "个保法 44" in page


def test_a_restriction_is_lifted_with_a_reason_and_never_without(archive, cao):
    cao.post("/privacy/restrictions", OBJECTS | {"lender": archive.lender, "number": "AF2024-9"})
    row = Restriction.objects.get()
    assert (row.scope, row.subject_id, row.placed_by) == ("CONTRACT", archive.zhaos, archive.cao.pk)

    cao.post(f"/privacy/restrictions/{row.pk}/end", {"reason": " "})
    assert Restriction.objects.get().lifted_at is None
    cao.post(f"/privacy/restrictions/{row.pk}/end", {"reason": "双方已和解"})
    assert Restriction.objects.get().lifted_by == archive.cao.pk


@pytest.mark.parametrize(
    ("where", "more"),
    [
        ("people/{zhao}/restrictions", {"cause": "TERM"}),
        ("people/{zhao}/restrictions", {"cause": "x"}),
        ("people/{zhao}/restrictions", {"reason": ""}),
        ("people/999999/restrictions", {}),
        ("restrictions", {"number": "nobody's"}),
        ("restrictions", {"lender": "999999", "number": "AF2024-9"}),
        ("restrictions", {"lender": "x", "number": "AF2024-9"}),
        ("restrictions/999999/end", {}),
    ],
)
def test_what_cannot_be_restricted_is_said_and_nothing_changes(archive, cao, where, more):
    path = "/privacy/" + where.format(zhao=archive.zhao)
    asked = OBJECTS | {"lender": archive.lender, "number": ""} | more

    answer = cao.post(path, asked, follow=True)

    assert answer.status_code in {200, 404}
    assert not Restriction.objects.exists()


def test_the_night_worker_keeps_from_use_what_is_past_its_term(archive, cao):
    privacy_tasks.restrict_due(timestamp=0)

    assert Restriction.objects.filter(cause="TERM").count() == 3
    assert "3 past their term" in cao.get("/privacy/retention").content.decode()
