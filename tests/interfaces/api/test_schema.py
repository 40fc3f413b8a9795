"""The API against its own description: schemathesis makes requests, sound and unsound ones.

Nothing may be answered that is not described, no request may break the server, what is sound must
be taken and what is unsound refused, and nothing is open without a key.

    make fuzz        many more examples
"""

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from pytest_django.live_server_helper import LiveServer
from schemathesis.generation.modes import GenerationMode

from recoup.foundation.access.rights import Right
from recoup.foundation.throttle import Limit
from recoup.interfaces.api import keys
from recoup.interfaces.api.api import api
from recoup.interfaces.api.described import described
from tests import factories
from tests.interfaces.api.conftest import Partner

EXAMPLES = int(os.environ.get("RECOUP_FUZZ_EXAMPLES", "8"))
FREELY = Limit("api", per_minute=10**6, at_once=10**6)


@pytest.fixture
def server(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A real server with Anda's data; the address, and keys of its system and of an auditor."""
    monkeypatch.setattr(keys, "PER_KEY", FREELY)
    monkeypatch.setattr(keys, "WRONG_KEYS", FREELY)
    partner = Partner()
    auditor = factories.make_collector("auditor", role="AUDIT")
    return {
        "url": live_server.url,
        "key": partner.key(),
        "auditor": partner.key([Right.SEE_AUDIT, Right.SEE_CASES], auditor),
    }


SAID = described(api)
NAMED = [(path, method) for path, methods in SAID["paths"].items() for method in methods]
OFTEN = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def cases(server: dict[str, str], path: str, method: str, mode: GenerationMode) -> Any:
    """Requests to one operation that fit its description, or do not."""
    schema = schemathesis.openapi.from_dict(SAID | {"servers": [{"url": server["url"]}]})
    schema.config.update(base_url=server["url"])
    return schema[path][method.upper()].as_strategy(generation_mode=mode)


def has_fractions(body: Any) -> bool:
    """Whether an amount is written 1.0: a whole number to JSON Schema, never one to our ledger."""
    if isinstance(body, dict):
        return any(has_fractions(value) for value in body.values())
    if isinstance(body, list):
        return any(has_fractions(value) for value in body)
    return isinstance(body, float)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize(("path", "method"), NAMED, ids=[f"{m} {p}" for p, m in NAMED])
def test_every_answer_is_as_described_and_no_request_breaks_the_server(
    server: dict[str, str], path: str, method: str, mode: GenerationMode
) -> None:
    key = server["auditor"] if "/audit/" in path else server["key"]

    @OFTEN
    @given(case=cases(server, path, method, mode))
    def ask(case: Any) -> None:
        assume(mode is GenerationMode.NEGATIVE or not has_fractions(case.body))
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"})

    ask()


@pytest.mark.parametrize(("path", "method"), NAMED, ids=[f"{m} {p}" for p, m in NAMED])
def test_without_a_key_nothing_is_answered_but_that(
    server: dict[str, str], path: str, method: str
) -> None:
    wrong = {"Authorization": "Bearer recoup_000000000000_" + "0" * 64}

    @settings(OFTEN, max_examples=max(3, EXAMPLES // 5))
    @given(case=cases(server, path, method, GenerationMode.POSITIVE))
    def ask(case: Any) -> None:
        answer = case.call(headers=wrong)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == ["application/problem+json"]

    ask()
