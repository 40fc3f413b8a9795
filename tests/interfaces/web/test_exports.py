"""The export pages, as the web process works in production: under its role, behind its policies."""

import pytest
from django.test import Client

from recoup.interfaces.worker import export_tasks
from recoup.modules.exports.models import Export, RowLimit
from recoup.modules.workforce.models import Grant
from tests import factories
from tests.interfaces.web.mornings import Morning, make_morning, signed_in
from tests.interfaces.web.test_matrix import strengthen

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {
    "list_code": "CASES", "file_format": "CSV", "purpose": "LENDER_REPORT",
    "reason": "每月向委托方报告", "promise_state": "",
}  # fmt: skip


def strong(user, language="en") -> Client:
    client = signed_in(user, language)
    strengthen(client)
    return client


@pytest.fixture
def morning(at_ten, tmp_path, settings) -> Morning:
    settings.MEDIA_ROOT = tmp_path
    return make_morning()


@pytest.fixture
def zhou(morning) -> Client:
    """The leader, who exports."""
    return strong(morning.leader)


@pytest.fixture
def cao(morning) -> Client:
    """Compliance, who decides."""
    return strong(factories.make_collector("cao_yu", "曹玉", role="COMPLIANCE"))


def lender() -> dict[str, str]:
    return {"lender": str(factories.make_lender("cny"))}


def made(export: Export) -> None:
    """What the worker does."""
    export_tasks.prepare_export(export_id=export.pk)


def test_a_leader_asks_and_fetches_and_the_file_is_theirs(zhou, cao):
    assert zhou.post("/exports", ASKED | lender()).status_code == 302
    export = Export.objects.get()
    made(export)

    page = zhou.get("/exports").content.decode()
    assert "X-000001" in page
    assert "/exports/1/file" in page
    answer = zhou.get("/exports/1/file")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert answer["Content-Disposition"] == 'attachment; filename="X-000001.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "AF2024-000038" in text
    assert "王小强" not in text
    assert cao.get("/exports/1/file").status_code == 403
    assert "Ready" in page


def test_above_the_limit_compliance_decides_on_its_own_page(zhou, cao, morning):
    RowLimit.objects.filter(role="LEADER").update(alone=1)
    zhou.post("/exports", ASKED | lender())
    assert "Waits for a second person" in zhou.get("/exports").content.decode()
    assert zhou.post("/exports/1/decision", {"decision": "approve"}).status_code == 403

    waiting = cao.get("/exports/decisions").content.decode()
    assert "X-000001" in waiting
    assert "周岚" in waiting
    cao.post("/exports/1/decision", {"decision": "approve", "reason": "fits the contract"})

    export = Export.objects.get()
    assert (export.state, export.decided_by) != ("WAITING", None)
    assert export.state == "QUEUED"


def test_a_refusal_is_said_beside_the_form_and_nothing_is_kept(zhou):
    answer = zhou.post("/exports", ASKED | lender() | {"reason": "x"})

    assert answer.status_code == 422
    assert "Say in a few words" in answer.content.decode()
    assert Export.objects.count() == 0


def test_another_lender_cannot_even_be_chosen(morning):
    cny = factories.make_lender("cny")
    user = factories.make_collector("ning", "宁", role="OPERATOR")
    Grant.objects.filter(user=user).update(ended_at=factories.AT_TEN)
    factories.make_grant(user, "FINANCE", lender_id=cny)
    client = strong(user)

    answer = client.post("/exports", ASKED | {"lender": str(factories.make_lender("usd"))})

    assert answer.status_code == 422
    assert Export.objects.count() == 0


def test_an_expired_link_says_so(zhou):
    zhou.post("/exports", ASKED | lender())
    made(Export.objects.get())
    Export.objects.update(expires_at=factories.AT_TEN)

    answer = zhou.get("/exports/1/file", follow=True)

    assert "its link has expired" in answer.content.decode()


def test_without_the_second_factor_nothing_leaves(morning):
    client = signed_in(morning.leader, "en")

    assert client.post("/exports", ASKED | lender()).status_code in (302, 403)
    assert client.get("/exports/1/file").status_code in (302, 403)
    assert Export.objects.count() == 0


def test_a_collector_sees_no_way_in(morning):
    client = signed_in(morning.liu_min, "en")

    assert "/exports" not in client.get("/").content.decode()
    assert client.get("/exports").status_code == 403
