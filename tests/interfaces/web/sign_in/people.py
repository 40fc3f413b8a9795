"""Somebody who signs in through the form, with the codes of their app."""

import re
from collections.abc import Iterator
from typing import Any

import pyotp
from django.test import Client

from tests import factories


class Somebody:
    """A person before a browser; the clock is the test's."""

    def __init__(self, username: str, **browser: Any) -> None:
        self.username = username
        self.client = Client(**browser)
        self.secret = ""

    def signs_in(self, password: str = factories.PASSWORD, **more: str) -> Any:
        """Name and password."""
        return self.client.post("/login", {"login": self.username, "password": password} | more)

    def confirms(self, password: str = factories.PASSWORD) -> Any:
        """The password once more."""
        return self.client.post("/account/confirm", {"password": password, "next": "/account"})

    def code(self, at: float | None = None) -> str:
        """What the app shows now, or at another second."""
        app = pyotp.TOTP(self.secret)
        return app.now() if at is None else app.at(int(at))

    def sets_up_an_app(self) -> Any:
        """Confirms, reads the key from the page, types the first code."""
        self.confirms()
        page = self.client.get("/account/app").text
        self.secret = re.search(r'id="totp-secret"[^>]*>([A-Z2-7]+)<', page)[1]
        return self.client.post("/account/app", {"code": self.code()})

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
