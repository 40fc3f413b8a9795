"""Collectors who are signed in, as their browsers would be: real sessions, real CSRF tokens."""

import http.client
import json
import re
from dataclasses import dataclass

from bench import server

SIGN_IN = """
import json, os, sys, django
os.environ["RECOUP_DATABASE_ROLE"] = "web"
django.setup()
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
people = get_user_model().objects.filter(takes_cases=True).order_by("id")[:int(sys.argv[1])]
keys = {}
for person in people:
    client = Client()
    client.force_login(person)
    keys[person.id] = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps([settings.SESSION_COOKIE_NAME, keys]))
"""
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Browser:
    """A collector's cookies, and the token their forms send back."""

    collector_id: int
    cookies: str
    token: str

    @property
    def form(self) -> str:
        """The body of a form without fields."""
        return f"csrfmiddlewaretoken={self.token}"


def sign_in(database: str, port: int, how_many: int) -> list[Browser]:
    """A session for each of the first collectors; each then opens the worklist in its browser."""
    printed = server.run_python(database, "-c", SIGN_IN, str(how_many))
    cookie, keys = json.loads(printed.splitlines()[-1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        return [_open(connection, int(who), f"{cookie}={key}") for who, key in keys.items()]
    finally:
        connection.close()


def _open(connection: http.client.HTTPConnection, collector_id: int, session: str) -> Browser:
    connection.request("GET", "/", headers={"Cookie": session})
    answer = connection.getresponse()
    page = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the worklist answered {answer.status} to collector {collector_id}")
    set_cookies = (value for name, value in answer.getheaders() if name.lower() == "set-cookie")
    cookies = [session, *(value.split(";")[0] for value in set_cookies)]
    token = TOKEN.search(page)
    if token is None:
        raise RuntimeError("the worklist holds no form")
    return Browser(collector_id, "; ".join(cookies), token.group(1).decode())
