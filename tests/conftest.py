"""The tests' database, browser and profiles. A test that asks for no database starts no server."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from django.utils.translation.reloader import translation_file_changed
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from recoup.foundation.access.context import as_system
from recoup.foundation.catalogues import compile_all
from recoup.foundation.vault import data_keys
from tests.support import browser, roles
from tests.support.database import own_database

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "dev",
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if browser.IN_CI else "dev"),
)

browser.use_packaged_node()
# Playwright runs an event loop in the thread of the tests; Django only needs to know it is meant.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    """Before the first test: translations are compiled (by the controller alone)."""
    if not hasattr(config, "workerinput"):
        for source in compile_all():  # Django may have read the old one while it was set up
            translation_file_changed(None, source.with_suffix(".mo"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running from its first test on.

    Without a browser they are skipped with the way to get one; never in CI, where they fail.
    """
    items.sort(key=_uses_browser)
    if browser.find() or browser.IN_CI:
        return
    skip = pytest.mark.skip(reason=browser.HOW_TO_GET_ONE)
    for item in filter(_uses_browser, items):
        item.add_marker(skip)


def _uses_browser(item: pytest.Item) -> bool:
    asked = getattr(item, "fixturenames", ())
    return "browser" in item.keywords or "browser" in asked or "page" in asked


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """This process's own database, copied from the migrated template.

    A test that commits leaves its rows; instead of emptying the tables (which append-only ones
    refuse) the database is copied anew after it.
    """
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with (
        django_db_blocker.unblock(),
        own_database(worker) as copy,
        pytest.MonkeyPatch.context() as m,
    ):
        m.setattr(TransactionTestCase, "_fixture_teardown", lambda _: copy.renew())
        data_keys.ring()  # a first start makes the key file; a page may not
        with django_db_blocker.block():
            yield


@pytest.fixture(scope="session", autouse=True)
def roles_as_in_production() -> Iterator[None]:
    """Pages are answered as the web role, nights and intakes run as the worker's."""
    with roles.as_in_production():
        yield


@pytest.fixture(autouse=True)
def acting() -> Iterator[None]:
    """A test that calls a service itself acts as a job does; a page lets its reader in."""
    with as_system("tests"):
        yield


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Chromium's executable; without one the test fails (it was skipped, unless in CI)."""
    found = browser.find()
    if found is None:
        pytest.fail(browser.HOW_TO_GET_ONE)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, object], chromium_path: Path
) -> dict[str, object]:
    """What pytest-playwright starts: our Chromium, quiet and without a way out."""
    return browser_type_launch_args | {
        "executable_path": str(chromium_path),
        "args": browser.ARGUMENTS,
        "env": browser.environment(chromium_path),
    }
