"""What the log tells of a refused request: whose it was and which, not what was sent."""

import json
import logging

import pytest

from recoup.foundation.request_log import JsonLines
from recoup.foundation.sign_in.models import ServiceKey
from tests.interfaces.api.conftest import Partner


def test_refused_input_is_in_the_log_with_the_key_and_not_with_what_was_sent(
    partner: Partner, caplog: pytest.LogCaptureFixture
) -> None:
    client = partner.client()
    wrong = json.dumps({"payments": [partner.payment(amount_minor="王小强", reference="HIDDEN")]})
    with caplog.at_level(logging.WARNING):
        answer = client.post("/api/v1/payments", wrong, content_type="application/json")
        said = json.loads(JsonLines().format(caplog.records[-1]))

    assert answer.status_code == 422
    assert said["message"].endswith(": /api/v1/payments")
    assert said["who"] == f"key {ServiceKey.objects.get().pk}"
    assert said["request"] == answer["X-Request-Id"]
    assert "HIDDEN" not in str(said)
