"""The clock stands at ten on a Friday morning in Shanghai."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.factories import AT_TEN
from tests.interfaces.web.story import Morning


@pytest.fixture
def at_ten() -> Iterator[None]:
    """Inside the hours of calling."""
    with time_machine.travel(AT_TEN, tick=False):
        yield


@pytest.fixture
def morning(client: Client, at_ten: None) -> Morning:
    """Liu, signed in, reading Chinese."""
    return Morning(client)


@pytest.fixture
def english_morning(client: Client, at_ten: None) -> Morning:
    """The same, reading English."""
    return Morning(client, language="en")
