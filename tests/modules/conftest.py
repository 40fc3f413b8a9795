"""Use cases are asked as a job would ask them; a test of rights lets somebody in itself."""

from collections.abc import Iterator

import pytest

from recoup.foundation.access.context import as_system


@pytest.fixture(autouse=True)
def _as_a_job() -> Iterator[None]:
    with as_system("tests"):
        yield
