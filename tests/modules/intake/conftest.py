"""Anda, a lender, and Wang Fang's contract HT-001 of 12,000 yuan, taken in by the front door."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from recoup.foundation.access.context import as_system
from recoup.modules.intake import services
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.rules import RowKind
from tests.factories import SHANGHAI, make_lender
from tests.modules.intake.files import write

AT = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
CONTRACTS = (
    "contract_number,borrower_ref,borrower_name,principal,annual_rate,term_months,"
    "signed_on,first_due_on\n"
    "HT-001,KH-001,王芳,12000.00,8.4,12,2026-01-31,2026-02-28\n"
)


class Intake:
    """Anda's files, written and taken in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(
        self,
        content: str | bytes | Path,
        kind: RowKind | None = RowKind.PAYMENTS,
        name: str = "file.csv",
        **more: object,
    ) -> BatchRow:
        path = content if isinstance(content, Path) else write(self.folder, name, content)
        return services.take_in(
            path=path, lender_code="anda", kind=kind, actor_id=None, at=AT, **more
        )


@pytest.fixture(autouse=True)
def job() -> Iterator[None]:
    """Files are taken in, and their quarantine is read, by a named job."""
    with as_system("test"):
        yield


@pytest.fixture
def anda(db: None, tmp_path: Path) -> Intake:
    make_lender()
    return Intake(tmp_path)


@pytest.fixture
def anda_with_wang(anda: Intake) -> Intake:
    anda.take(CONTRACTS, RowKind.CONTRACTS, schedule_from_terms=True)
    return anda


@pytest.fixture
def other_session(db: None) -> Iterator[psycopg.Connection]:
    """Somebody else's connection to the same database."""
    with psycopg.connect(database_url(), autocommit=True) as other:
        yield other


def database_url() -> str:
    """The address of this test's database."""
    said = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    given = {key: said[name] for key, name in (names | {"port": "PORT"}).items() if said[name]}
    return make_conninfo(**given)
