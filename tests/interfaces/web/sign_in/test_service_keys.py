"""The operator's page of service keys."""

import re
from datetime import timedelta

import pytest

from recoup.foundation.audit.models import Event
from recoup.foundation.sign_in import queries, rules
from recoup.foundation.sign_in.models import ServiceKey
from tests import factories
from tests.factories import AT_TEN

pytestmark = pytest.mark.django_db
FORM = {"name": "还款回传", "days": "90", "scope": ["SEE_CASES", "POST_PAYMENTS"]}


@pytest.fixture
def bank(at_ten):
    """The lender's system."""
    lender = factories.make_lender()
    return factories.make_collector("bank", "银行接口", role="SERVICE", lender_id=lender)


@pytest.fixture
def operator(chen_wei):
    """The operator, second factor shown."""
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    return chen_wei


def test_a_key_is_made_and_shown_this_once(operator, bank):
    page = operator.client.post("/service-keys/new", FORM | {"user": bank.pk})
    text = re.search(r'id="service-key">([^<]+)<', page.text)[1]
    assert queries.holder_of(text, at=AT_TEN).user_id == bank.pk
    assert page["Cache-Control"].count("no-store")
    listed = operator.client.get("/service-keys").text
    assert "还款回传" in listed
    assert text not in listed
    assert text.rpartition("_")[2] not in str(list(Event.objects.values_list("facts", flat=True)))
    assert Event.objects.filter(act="KEY_MADE", subject_id=bank.pk).count() == 1


def test_a_key_is_replaced_and_revoked(operator, bank):
    page = operator.client.post("/service-keys/new", FORM | {"user": bank.pk})
    old = re.search(r'id="service-key">([^<]+)<', page.text)[1]
    first = ServiceKey.objects.get()
    page = operator.client.post(f"/service-keys/{first.pk}/rotate")
    new = re.search(r'id="service-key">([^<]+)<', page.text)[1]
    assert queries.holder_of(old, at=AT_TEN + timedelta(days=6)).user_id == bank.pk
    with pytest.raises(rules.KeyRefused):
        queries.holder_of(old, at=AT_TEN + timedelta(days=8))
    second = ServiceKey.objects.exclude(pk=first.pk).get()
    operator.client.post(f"/service-keys/{second.pk}/revoke")
    with pytest.raises(rules.KeyRefused):
        queries.holder_of(new, at=AT_TEN)
    assert operator.client.post("/service-keys/99999/revoke").status_code == 404


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scope": []}, {"user": "1"}, {"user": "x"}])
def test_a_wrong_form_makes_nothing_and_says_why(operator, bank, wrong):
    page = operator.client.post("/service-keys/new", FORM | {"user": bank.pk} | wrong)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert not ServiceKey.objects.exists()


def test_ten_minutes_after_the_last_proof_keys_ask_for_another(operator, bank, at_ten):
    at_ten.shift(timedelta(minutes=11))
    answer = operator.client.get("/service-keys")
    assert answer["Location"].startswith("/account/confirm?next=")
    answer = operator.client.post("/service-keys/new", FORM | {"user": bank.pk})
    assert answer.status_code == 302
    assert not ServiceKey.objects.exists()


def test_who_does_not_manage_staff_makes_no_key(liu_min, bank):
    liu_min.signs_in()
    assert liu_min.client.get("/service-keys").status_code == 403
    answer = liu_min.client.post("/service-keys/new", FORM | {"user": bank.pk})
    assert answer.status_code == 403
    assert not ServiceKey.objects.exists()
