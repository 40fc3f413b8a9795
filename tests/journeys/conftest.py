"""The stage of the stories: a server, a clock, and a desk for whoever comes in."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from recoup.interfaces.web.entering import SECOND_FACTOR
from recoup.modules.workforce.models import User
from tests.journeys.clock import SHANGHAI, WallClock
from tests.journeys.desk import Desk
from tests.journeys.portfolio import FRIDAY
from tests.journeys.sizes import LAPTOP
from tests.journeys.witness import Witness
from tests.journeys.words import CHINESE, Words

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """Nine in the morning of Friday, 20 November 2026, for pages and nights alike."""
    wall = WallClock(datetime(FRIDAY.year, FRIDAY.month, FRIDAY.day, 9, tzinfo=SHANGHAI))
    monkeypatch.setattr(timezone, "now", wall)
    return wall


@pytest.fixture
def house(live_server: LiveServer, clock: WallClock) -> LiveServer:
    """The server, at the time of the clock."""
    return live_server


@pytest.fixture
def sit_down(house: LiveServer, browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """A browser of somebody's own. Whoever is named is signed in already."""
    desks: list[Desk] = []

    def come(
        user: User | None = None,
        words: Words = CHINESE,
        size: dict[str, int] = LAPTOP,
        *,
        has_second_factor: bool = False,
        **more: Any,
    ) -> Desk:
        context = browser.new_context(
            base_url=house.url, viewport=size, locale=words.html, reduced_motion="reduce", **more
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "language", "value": words.code, "url": house.url}])
        if user is not None:
            key = key_of(user, words, has_second_factor=has_second_factor)
            context.add_cookies([{"name": "sessionid", "value": key, "url": house.url}])
        desk = Desk(context.new_page(), words, Witness(context, house.url))
        desks.append(desk)
        return desk

    yield come
    for desk in desks:
        desk.page.context.close()
    for desk in desks:
        desk.witness.has_nothing_to_say()


def key_of(user: User, words: Words, *, has_second_factor: bool = False) -> str:
    """The session of somebody who signed in a moment ago and reads this language."""
    User.objects.filter(pk=user.pk).update(language=words.code)
    client = Client()
    client.force_login(user)
    if has_second_factor:
        session = client.session
        session[SECOND_FACTOR] = 1
        session.save()
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value
