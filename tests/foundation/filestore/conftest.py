"""A store in a folder of the test's own, and people who may use it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from recoup.foundation.access.context import Access, as_system, held
from recoup.foundation.access.rights import Reach, Right
from tests import factories

As = Callable[..., AbstractContextManager[Access]]


@pytest.fixture
def store(tmp_path, settings, db):
    """The folder in which the objects of this test lie."""
    settings.MEDIA_ROOT, settings.FILES_URL, settings.SCANNER = tmp_path, "", "none"
    return tmp_path / "store"


@pytest.fixture
def anda(db) -> int:
    return factories.make_lender("anda", "安达汽车金融")


@pytest.fixture
def borui(db) -> int:
    return factories.make_lender("borui", "博瑞融资租赁")


@pytest.fixture
def job() -> Iterator[None]:
    """A job of the house does it: the night, a worker."""
    with as_system("test"):
        yield


def person(*rights: Right, lender_ids: tuple[int, ...], user_id: int = 7) -> Access:
    """Somebody with these rights, for these lenders."""
    return Access(
        user_id=user_id,
        rights=frozenset(rights),
        reach=Reach.LENDER,
        lender_ids=lender_ids,
        has_second_factor=True,
    )


def acting(access: Access) -> AbstractContextManager[Access]:
    return held(access)
