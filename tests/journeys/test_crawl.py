"""A crawl as each role: every link of every page, and what somebody types who wants more.

Anda's people look; Hengtong's debtor Li, the other team's debtor Sun and everybody's data in clear
are marked, and must be on no page, in no fragment, no download and no error.
"""

import os
import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Error, Page
from pytest_django.live_server_helper import LiveServer

from recoup.modules.workforce.models import User
from tests import factories as make
from tests.declared import matrix, rights_of
from tests.factories import BUSINESS_DAY, PASSWORD
from tests.journeys.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROLES = sorted(set(matrix()["roles"]) - {"SERVICE"})  # a service has no browser
MOST_PAGES = int(os.environ.get("RECOUP_CRAWL_PAGES", "50"))  # each; more for a long soak
SEES_ALL_LENDERS = {"OPERATOR"}  # gives roles for every lender, sees none of their debtors
IN_CLEAR = ("欧阳小满", "13655512098", "310101199001011234", "世纪大道100号1502室", "赵敏敏")
THEIRS = ("HT-LEAK-77", "李大山", "李*山", "13900008888", "139****8888", "川A99Z99")
OTHER_TEAMS = ("AF-TEAM2-88", "孙国庆", "孙*庆", "13700001111")
BROKEN = ("Traceback (most recent call last)", "DoesNotExist", "psycopg", "django.db.utils")
LINKS = """els => els.map(e => e.getAttribute('href') || e.getAttribute('hx-get') || '')"""
FILE = re.compile(r"\.(csv|zip|xlsx|json|svg)(\?|$)")


def debtor(lender: int, collector: User, said: str) -> int:
    """Somebody with everything that is known of a debtor: number, name, telephone, plate."""
    number, name, phone, plate = said.split()
    party = make.make_party(name, lender_id=lender, phone=phone, id_number="310101199001011234")
    make.make_contact_point(party, "上海市浦东新区世纪大道100号1502室", kind="ADDRESS")
    contract = make.make_contract(number=number, borrower_id=party, lender_id=lender)
    make.make_vehicle(contract, plate=plate)
    case = make.make_case(contract, collector=collector)
    make.make_decision(case)
    make.make_worklist_item(case, collector)
    make.make_promise(case, due_on=BUSINESS_DAY, actor=collector)
    return contract


class Town:
    """Two lenders, two teams, one debtor each that must not be seen by the wrong people."""

    def __init__(self) -> None:
        make.make_finished_night()
        self.anda = make.make_lender("anda")
        hengtong = make.make_lender("hengtong", "恒通融资租赁")
        self.agency = make.make_agency()
        self.liu = make.make_collector("liu_of_all")
        self.team2 = make.make_team("phone-2", "电催二组")
        he_jie = make.make_collector("he_of_all", team_id=self.team2)
        self.wang = debtor(self.anda, self.liu, "AF-1 欧阳小满 13655512098 沪A58K21")
        self.suns = debtor(self.anda, he_jie, "AF-TEAM2-88 孙国庆 13700001111 皖A877M2")
        self.lis = debtor(hengtong, self.liu, "HT-LEAK-77 李大山 13900008888 川A99Z99")
        guarantor = make.make_party("赵敏敏", lender_id=self.anda, phone="13711112222")
        make.name_in_contract(self.wang, guarantor, "GUARANTOR")

    def person(self, role: str) -> User:
        """Somebody of this role, for Anda alone and in the first team."""
        user = User.objects.create(
            username=f"one_{role.lower()}",
            display_name=role,
            employee_number="1099",
            team_id=make.make_team(),
        )
        more: dict[str, object] = {"lender_id": self.anda}
        if role == "AGENCY":
            more["agency_id"] = self.agency
        if role == "INSPECTOR":
            more["expires_on"] = BUSINESS_DAY.replace(year=2099)
        make.make_grant(user, role, **more)
        return user

    def tried(self) -> list[str]:
        """What somebody types who wants more than the links offer."""
        theirs = [f"/contracts/{n}/{page}" for n in (self.lis, self.suns) for page in PAGES]
        searches = ["HT-LEAK", "AF-TEAM2", "川A99", "1111", "8888", "2098"]
        return [*theirs, *(f"/search?q={text}" for text in searches), *GUESSES]


PAGES = ("case", "account", "account?as_of=2026-10-01", "show", "number")
GUESSES = (
    "/cases?of=all", "/promises?of=all", "/cases?of=all&team=2", "/?collector=1", "/team?team=1",
    "/intake/1", "/intake/1/quarantine.csv", "/staff/1", "/audit?actor=liu_of_all", "/privacy",
    "/exports", "/inspection", "/custody", "/service-keys", "/sign-ins", "/gallery", "/api/v1/me",
    "/files/1", "/exports/1", "/nothing-at-all", "/search?q=%00", "/cases?bucket=99999999999",
)  # fmt: skip


def crawl(page: Page, first: list[str], address: str) -> dict[str, str]:
    """Every page that links lead to from these, with what the browser made of it."""
    waiting, seen = list(first), dict[str, str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen[path] = _read(page, address, path)
        if not FILE.search(path):
            found = _links(page)
            waiting += [link for one in found if (link := _ours(one, page.url, address))]
    return seen


def _read(page: Page, address: str, path: str) -> str:
    if not FILE.search(path):
        try:
            page.goto(path, wait_until="load")
            return page.content()
        except Error as error:  # a download, or an answer without a page, is no page
            if not any(said in str(error) for said in ("Download is", "HTTP_RESPONSE_CODE")):
                raise
    return page.context.request.get(urljoin(address, path)).text()


def _links(page: Page) -> list[str]:
    try:
        return list(page.eval_on_selector_all("a[href], [hx-get]", LINKS))
    except Error:  # a fragment has just sent the whole page elsewhere
        page.wait_for_load_state("load")
        return list(page.eval_on_selector_all("a[href], [hx-get]", LINKS))


def _ours(link: str, here: str, address: str) -> str | None:
    there = urlsplit(urljoin(here, link))
    if there.netloc != urlsplit(address).netloc or there.path.startswith(("/static/", "/logout")):
        return None
    return there.path + (f"?{there.query}" if there.query else "")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_comes_upon_what_is_not_theirs(
    role: str, house: LiveServer, sit_down: Callable[..., Desk]
) -> None:
    town = Town()
    desk = sit_down(town.person(role), has_second_factor=True)
    own = [f"/contracts/{town.wang}/case", f"/contracts/{town.wang}/account", "/"]

    complaints = desk.witness.complaints
    pages = crawl(desk.page, [*own, *town.tried()], house.url)

    forbidden = {*IN_CLEAR, *THEIRS, *BROKEN, settings.SECRET_KEY, PASSWORD}
    if matrix()["roles"][role]["reach"] not in {"ALL", "LENDER"}:
        forbidden |= set(OTHER_TEAMS)
    found = {(path, mark) for path, text in pages.items() for mark in forbidden if mark in text}
    assert found == set()
    sees_wang = "SEE_CASES" in rights_of(role) and role not in {"AGENCY", "COLLECTOR", "BORROWER"}
    assert ("AF-1" in pages[own[0]]) is (sees_wang or role == "COLLECTOR")
    assert [said for said in complaints if not _is_an_answer(said)] == []
    complaints.clear()


def _is_an_answer(complaint: str) -> bool:
    """Typed by hand: refused, or limited, is what should happen."""
    return complaint.startswith(("400", "401", "405", "429")) or "no content policy" in complaint
