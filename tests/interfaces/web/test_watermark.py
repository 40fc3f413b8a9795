"""Every page carries, faintly, whose screen it is; login does not, and nothing runs in it."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.factories import AT_TEN
from tests.interfaces.web.mornings import make_morning, signed_in

pytestmark = pytest.mark.django_db
SOURCE = re.compile(r'<img class="watermark" src="([^"]+)"')


@pytest.fixture
def morning(at_ten):
    return make_morning()


def test_the_picture_names_the_person_their_number_and_the_time(morning):
    answer = signed_in(morning.liu_min).get("/watermark.svg")

    text = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert "刘敏 1042" in text
    assert "2026-11-20 10:00" in text
    assert "script" not in text
    assert "style" not in text


@pytest.mark.parametrize("page", ["/", "/cases", "/promises", "/search?q=AF"])
def test_every_page_asks_for_its_readers_picture_of_this_minute(morning, page):
    liu = SOURCE.search(signed_in(morning.liu_min).get(page).content.decode())[1]
    he = SOURCE.search(signed_in(morning.he_jie).get(page).content.decode())[1]
    with time_machine.travel(AT_TEN + timedelta(minutes=1), tick=False):
        later = SOURCE.search(signed_in(morning.liu_min).get(page).content.decode())[1]

    assert len({liu, he, later}) == 3, "no browser shows one of them for another"


def test_somebody_elses_address_still_shows_oneself(morning):
    text = signed_in(morning.he_jie).get(f"/watermark.svg?for={morning.liu_min.pk}-1")

    assert "何洁" in text.content.decode()
    assert "刘敏" not in text.content.decode()


def test_a_name_is_text_in_the_picture_whatever_it_is(morning):
    morning.liu_min.display_name = "</text><script>x</script>"
    morning.liu_min.save()

    assert "<script" not in signed_in(morning.liu_min).get("/watermark.svg").content.decode()


def test_before_sign_in_there_is_none(client, db):
    assert "watermark" not in client.get("/login").content.decode()
    assert client.get("/watermark.svg").status_code == 302
