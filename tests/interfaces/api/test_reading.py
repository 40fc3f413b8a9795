"""What a partner's system reads: its own contracts, masked, page by page, as of any day."""

import json

import pytest
from django.test import Client

from recoup.foundation.access.rights import Right
from tests import factories
from tests.interfaces.api.conftest import LI, WANG, Partner, caller


def body(answer: object) -> dict[str, object]:
    return json.loads(answer.content)  # type: ignore[attr-defined]


def test_a_key_says_whose_it_is_and_what_it_may_do(partner: Partner) -> None:
    said = body(partner.client([Right.SEE_CASES]).get("/api/v1/me"))

    assert said["name"] == "anda-erp"
    assert said["rights"] == ["SEE_CASES"]
    assert said["lender_ids"] == [partner.anda]


def test_only_ones_own_contracts_are_listed_and_people_are_masked(partner: Partner) -> None:
    answer = partner.client().get("/api/v1/contracts")

    (only,) = body(answer)["items"]
    assert (only["number"], only["borrower_masked"]) == ("AF-1", "王*强")
    assert only["bucket"] == 2
    text = answer.content.decode()
    assert WANG not in text
    assert LI not in text
    assert "HT-9" not in text


@pytest.mark.parametrize("rest", ["", "/account", "/payments"])
def test_anothers_contract_is_not_found_just_as_one_that_does_not_exist(
    partner: Partner, rest: str
) -> None:
    theirs = partner.client().get(f"/api/v1/contracts/{partner.lis}{rest}")
    none = partner.client().get(f"/api/v1/contracts/999999{rest}")

    assert theirs.status_code == none.status_code == 404
    assert body(theirs)["code"] == body(none)["code"] == "contract_unknown"


def test_the_pages_of_a_list_join_without_gap_or_repetition(partner: Partner) -> None:
    for n in range(7):
        borrower = factories.make_party(lender_id=partner.anda, phone="")
        factories.make_contract(number=f"N-{n}", borrower_id=borrower, lender_id=partner.anda)
    client, seen, cursor = partner.client(), list[str](), ""
    while True:
        found = body(client.get(f"/api/v1/contracts?limit=3{cursor}"))
        seen += [item["number"] for item in found["items"]]
        if found["next"] is None:
            break
        cursor = f"&cursor={found['next']}"

    assert seen == ["AF-1", *(f"N-{n}" for n in range(7))]


def test_an_account_adds_up_and_is_explained(partner: Partner) -> None:
    said = body(partner.client().get(f"/api/v1/contracts/{partner.wangs}/account"))

    assert said["as_of"] == "2026-11-20"
    assert said["overdue_minor"] == sum(due["total_minor"] for due in said["dues"])
    assert said["days_past_due"] == 68
    stretch = said["dues"][0]["penalty_stretches"][0]
    assert (stretch["from_on"], stretch["base_minor"]) == ("2026-09-13", 540_000)


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "2026-11-20", "9999-12-31"])
def test_an_account_is_told_as_of_any_day_there_is(partner: Partner, day: str) -> None:
    answer = partner.client().get(f"/api/v1/contracts/{partner.wangs}/account?as_of={day}")

    assert answer.status_code == 200
    assert body(answer)["as_of"] == day


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/contracts?limit=0", "/api/v1/contracts?limit=201", "/api/v1/contracts?lender=%00",
        "/api/v1/contracts?cursor=ZZ", "/api/v1/contracts?lendr=anda",
        "/api/v1/contracts?limit=1&limit=200", "/api/v1/contracts/0", "/api/v1/contracts/-1",
        "/api/v1/contracts/9223372036854775808", "/api/v1/contracts/1'--",
        "/api/v1/cases?bucket=8", "/api/v1/promises?state=ANY",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_not_ignored(partner: Partner, address: str) -> None:
    answer = partner.client().get(address)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert body(answer)["instance"].startswith("urn:recoup:request:")


@pytest.mark.parametrize("day", ["20261120", "0", "2026-11-20T00:00:00", "2026-02-30", "tomorrow"])
def test_a_day_is_a_day(partner: Partner, day: str) -> None:
    answer = partner.client().get(f"/api/v1/contracts/{partner.wangs}/account?as_of={day}")

    assert answer.status_code == 422


def test_cases_promises_and_the_night_are_read(partner: Partner) -> None:
    factories.make_promise(
        partner.case, due_on=factories.BUSINESS_DAY, actor=partner.collector, amount_minor=640_000
    )
    client = partner.client()

    (case,) = body(client.get("/api/v1/cases?bucket=2"))["items"]
    (promise,) = body(client.get("/api/v1/promises?state=OPEN"))["items"]
    night = body(client.get("/api/v1/night"))

    assert case["number"] == "AF-1"
    assert promise["amount_minor"] == 640_000
    assert night["business_day"] == "2026-11-20"


def test_the_answer_is_kept_by_nobody_and_read_as_nothing_else(partner: Partner) -> None:
    answer = partner.client().get("/api/v1/contracts")

    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "Authorization" in answer["Vary"]
    assert not answer.cookies


def test_a_refusal_is_in_the_callers_language(partner: Partner) -> None:
    english = body(partner.client(language="en").get("/api/v1/contracts/999999"))
    chinese = body(partner.client(language="zh-CN").get("/api/v1/contracts/999999"))
    unknown = body(partner.client(language="fr").get("/api/v1/contracts/999999"))

    assert english["detail"] == "There is no contract with the number 999999."
    assert chinese["detail"] == unknown["detail"] == "没有编号为 999999 的合同。"


def test_whoever_has_no_key_reads_nothing_not_even_the_description(partner: Partner) -> None:
    for address in ("/api/openapi.json", "/api/v1/me", "/api/v1/contracts"):
        answer = Client().get(address)
        assert answer.status_code == 401, address
        assert answer["WWW-Authenticate"] == "Bearer"
    assert partner.client().get("/api/openapi.json").status_code == 200


@pytest.mark.parametrize(
    "moment", ["1171-07-13T06:45:34-21:01", "2026-11-20T00:00:00Z", "2026-01-01"]
)
def test_a_moment_with_any_offset_is_understood(partner: Partner, moment: str) -> None:
    """The first one broke the database; schemathesis found it."""
    auditor = factories.make_collector("auditor", role="AUDIT")
    client = caller(partner.key([Right.SEE_AUDIT], auditor))

    assert client.get("/api/v1/audit/events", {"before": moment}).status_code == 200
