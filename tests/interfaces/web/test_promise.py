"""A promise without a call."""

import pytest

from recoup.modules.plans.models import Promise
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db


def test_a_promise_by_letter_stands_in_the_head(morning):
    typed = {"amount": "5,400.00", "due_on": "2026-11-25"}
    response = morning.client.post(morning.address("promises"), typed, follow=True)
    said = words(response.text)
    assert "承诺已保存。" in said
    assert "¥ 5,400.00，11-25 前" in said.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "0", "due_on": "2026-11-25"}, "承诺金额必须大于零。"),
        ({"amount": "5400", "due_on": "2026-11-19"}, "承诺日早于账务日"),
        ({"amount": "5400", "due_on": ""}, "请按“年-月-日”填写日期"),
        ({}, "不是金额"),
    ],
)
def test_an_unsound_promise_is_refused_in_words(morning, typed, said):
    response = morning.client.post(morning.address("promises"), typed)
    assert response.status_code == 422
    assert said in words(response.text)
    assert not Promise.objects.exists()
