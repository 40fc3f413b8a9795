"""The people of the door's tests. The clock stands at ten on a Friday morning."""

import pytest

from tests import factories
from tests.interfaces.web.sign_in.people import Somebody


@pytest.fixture
def at_ten(time_machine):
    """Ten in the morning; the test moves it."""
    time_machine.move_to(factories.AT_TEN, tick=False)
    return time_machine


@pytest.fixture
def liu_min(at_ten, db):
    """A collector who signs in by password alone."""
    factories.make_collector()
    return Somebody("liu_min")


@pytest.fixture
def chen_wei(at_ten, db):
    """An operator; what is theirs needs a second factor."""
    factories.make_collector("chen_wei", "陈伟", role="OPERATOR")
    return Somebody("chen_wei")
