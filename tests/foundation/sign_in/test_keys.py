"""Keys of service accounts: made, shown once, changed, ended; what is refused says no more."""

from datetime import timedelta

import pytest

from recoup.foundation.access.rights import Right
from recoup.foundation.sign_in import queries, rules, services
from recoup.foundation.sign_in.models import ServiceKey, Session
from recoup.modules.workforce.models import User
from recoup.modules.workforce.services import end_employment
from tests import factories
from tests.factories import AT_TEN

pytestmark = pytest.mark.django_db
SCOPES = [Right.SEE_CASES, Right.POST_PAYMENTS]


@pytest.fixture
def bank():
    """The lender's system that posts payments."""
    lender = factories.make_lender()
    return factories.make_collector("bank", "银行接口", role="SERVICE", lender_id=lender)


def make(bank, **more):
    """A key for ninety days."""
    facts = {
        "user_id": bank.pk,
        "name": "还款回传",
        "scopes": SCOPES,
        "expires_at": AT_TEN + timedelta(days=90),
        "actor_id": None,
        "at": AT_TEN,
    }
    return services.make_key(**(facts | more))


def test_a_key_says_whose_it_is_and_what_for_until_its_end(bank):
    made = make(bank)
    last = AT_TEN + timedelta(days=90)
    holder = queries.holder_of(made.text, at=last - timedelta(seconds=1))
    assert holder == queries.KeyHolder(made.id, bank.pk, frozenset(SCOPES))
    with pytest.raises(rules.KeyRefused):
        queries.holder_of(made.text, at=last)


def test_neither_the_key_nor_its_secret_is_kept(bank):
    made = make(bank)
    kept = str(ServiceKey.objects.values().get())
    secret = made.text.rpartition("_")[2]
    assert secret not in kept
    assert made.text not in kept


def test_a_changed_unknown_revoked_or_orphaned_key_is_refused_in_the_same_words(bank):
    made, other = make(bank), make(bank)
    text = made.text
    stranger = rules.new_key().text
    swapped = text[: text.rindex("_")] + other.text[other.text.rindex("_") :]
    for wrong in (stranger, swapped, "", text[:-1] + ("0" if text[-1] != "0" else "1")):
        with pytest.raises(rules.KeyRefused, match=r"This key is not valid\."):
            queries.holder_of(wrong, at=AT_TEN)
    services.revoke_key(key_id=made.id, at=AT_TEN)
    with pytest.raises(rules.KeyRefused):
        queries.holder_of(text, at=AT_TEN)
    User.objects.filter(pk=bank.pk).update(is_active=False)
    with pytest.raises(rules.KeyRefused):
        queries.holder_of(other.text, at=AT_TEN)


def test_changing_a_key_leaves_the_old_one_for_the_days_of_the_change(bank):
    old = make(bank)
    until = AT_TEN + timedelta(days=7)
    new = services.rotate_key(
        key_id=old.id, old_until=until, expires_at=AT_TEN + timedelta(days=90),
        actor_id=None, at=AT_TEN,
    )  # fmt: skip
    between = until - timedelta(seconds=1)
    for key in (old, new):
        assert queries.holder_of(key.text, at=between).scopes == set(SCOPES)
    with pytest.raises(rules.KeyRefused):
        queries.holder_of(old.text, at=until)
    assert queries.holder_of(new.text, at=until).user_id == bank.pk


def test_a_key_that_ended_is_not_changed_for_another(bank):
    old = make(bank)
    services.revoke_key(key_id=old.id, at=AT_TEN)
    with pytest.raises(rules.KeyGone):
        services.rotate_key(
            key_id=old.id, old_until=AT_TEN, expires_at=AT_TEN + timedelta(days=90),
            actor_id=None, at=AT_TEN,
        )  # fmt: skip
    assert ServiceKey.objects.count() == 1


def test_revoking_all_ends_those_that_were_being_changed_too(bank):
    first = make(bank)
    services.rotate_key(
        key_id=first.id, old_until=AT_TEN + timedelta(days=7),
        expires_at=AT_TEN + timedelta(days=90), actor_id=None, at=AT_TEN,
    )  # fmt: skip
    assert services.revoke_keys(user_id=bank.pk, at=AT_TEN) == 2
    with pytest.raises(rules.KeyRefused):
        queries.holder_of(first.text, at=AT_TEN)


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scopes": []}, {"expires_at": AT_TEN}],
    ids=str,
)
def test_what_must_not_be_made_is_not_made(bank, wrong):
    with pytest.raises((rules.KeyNeedsName, rules.KeyNeedsScopes, rules.KeyLastsTooLong)):
        make(bank, **wrong)
    assert not ServiceKey.objects.exists()


def test_use_is_noted_every_few_minutes_not_with_every_call(bank):
    made = make(bank)
    for minutes in (0, 5, 9, 11):
        services.note_key_used(key_id=made.id, at=AT_TEN + timedelta(minutes=minutes))
    assert ServiceKey.objects.get().used_at == AT_TEN + timedelta(minutes=11)


def test_when_an_employment_ends_its_keys_and_sessions_end_with_it_and_nobody_elses(bank):
    other = factories.make_collector("zhang_min", "张敏")
    made, moments = make(bank), {"opened_at": AT_TEN, "seen_at": AT_TEN, "expire_date": AT_TEN}
    for key, user in (("a" * 64, bank), ("b" * 64, other)):
        Session.objects.create(session_key=key, user=user, session_data="", **moments)

    end_employment(user_id=bank.pk, actor_id=None, at=AT_TEN)

    assert ServiceKey.objects.get(id=made.id).revoked_at == AT_TEN
    assert list(Session.objects.values_list("user_id", flat=True)) == [other.pk]
