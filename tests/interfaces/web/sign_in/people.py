"""Somebody who signs in through the form, with the codes of their app."""

import re
from collections.abc import Iterator
from typing import Any

import pyotp
from django.test import Client
from django.utils import timezone

from recoup.foundation.access import entering
from recoup.foundation.access.context import as_system
from recoup.foundation.sign_in.enrolment import issue_code
from recoup.modules.workforce.models import User
from tests import factories


class Somebody:
    """A person before a browser; the clock is the test's."""

    def __init__(self, username: str, **browser: Any) -> None:
        self.username = username
        self.client = Client(**browser)
        self.secret = ""

    def signs_in(self, password: str = factories.PASSWORD, **more: str) -> Any:
        """Name and password."""
        entering.leave()  # as the pool does between two requests
        return self.client.post("/login", {"login": self.username, "password": password} | more)

    def confirms(self, password: str = factories.PASSWORD) -> Any:
        """The password once more."""
        return self.client.post("/account/confirm", {"password": password, "next": "/account"})

    def code(self, at: float | None = None) -> str:
        """What the app shows now, or at another second."""
        app = pyotp.TOTP(self.secret)
        return app.now() if at is None else app.at(int(at))

    def is_given_a_code(self) -> str:
        """An enrolment code, from the machine."""
        with as_system("staff"):
            user_id = User.objects.only("pk").get(username=self.username).pk
            return issue_code(user_id=user_id, actor_id=None, at=timezone.now()).text

    def enrols(self, code: str, way: str = "/account/app") -> Any:
        """Types the enrolment code."""
        return self.client.post("/account/enrol", {"code": code, "next": way})

    def sets_up_an_app(self) -> Any:
        """Shows the code they were given, confirms, and goes on."""
        self.enrols(self.is_given_a_code())
        return self.scans_and_types()

    def scans_and_types(self, **more: str) -> Any:
        """Confirms, reads the key from the page, types the first code."""
        self.confirms()
        page = self.client.get("/account/app").text
        self.secret = re.search(r'id="totp-secret"[^>]*>([A-Z2-7]+)<', page)[1]
        return self.client.post("/account/app", {"code": self.code()} | more)

    def recovery_codes(self) -> list[str]:
        """The codes on the page that shows them once."""
        return re.findall(r"<li><code>(\d+)</code>", self.client.get("/account/codes").text)

    def shows_a_code(self, code: str) -> Any:
        """The second step of signing in."""
        return self.client.post("/login/factor", {"code": code})

    @property
    def is_in(self) -> bool:
        """Whether pages open."""
        return self.client.get("/account").status_code == 200


def new_browsers(username: str) -> Iterator[Somebody]:
    """Other browsers of the same person."""
    while True:
        yield Somebody(username)
