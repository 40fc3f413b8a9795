"""Sealing under a lender's own keys, and who may open."""

import pytest

from recoup.foundation import vault
from recoup.foundation.access.context import NOBODY, Access, as_system, held
from recoup.foundation.access.rights import Reach
from recoup.foundation.vault import data_keys
from recoup.foundation.vault.models import DataKey
from recoup.foundation.vault.refusals import DataKeyUnknown, NotYoursToOpen, SealBroken
from recoup.foundation.vault.rules import Purpose

pytestmark = pytest.mark.django_db
ABOUT = "parties_party.name_sealed/P-1"
LIU = Access(user_id=5, lender_ids=(1,), reach=Reach.ALL)


@pytest.fixture(autouse=True)
def _nobody_is_in():
    with held(NOBODY):
        yield


def test_a_name_with_no_context_decrypts_nowhere():
    sealed = vault.seal("王小强", lender_id=1, about=ABOUT)

    with pytest.raises(NotYoursToOpen):
        vault.open(sealed, lender_id=1, about=ABOUT)


def test_it_opens_for_those_who_serve_the_lender_and_for_named_jobs():
    sealed = vault.seal("王小强", lender_id=1, about=ABOUT)

    with held(LIU):
        assert vault.open(sealed, lender_id=1, about=ABOUT) == "王小强"
    with as_system("night"):
        assert vault.open(sealed, lender_id=1, about=ABOUT) == "王小强"


def test_another_lenders_value_does_not_open_whatever_lender_is_said():
    sealed = vault.seal("李娜", lender_id=2, about=ABOUT)

    with held(LIU), pytest.raises(NotYoursToOpen):
        vault.open(sealed, lender_id=2, about=ABOUT)
    with held(LIU), pytest.raises(SealBroken):
        vault.open(sealed, lender_id=1, about=ABOUT)


def test_each_lender_has_keys_of_its_own_made_once():
    for lender in (1, 2, 1):
        vault.seal("王小强", lender_id=lender, about=ABOUT)
        vault.index("王小强", lender_id=lender, field="name")

    made = DataKey.objects.order_by("lender_id", "purpose").values_list("lender_id", "purpose")
    assert list(made) == [(1, "INDEX"), (1, "SEAL"), (2, "INDEX"), (2, "SEAL")]
    wrapped = {bytes(key.wrapped) for key in DataKey.objects.all()}
    assert len(wrapped) == 4
    one, two = (vault.index("王小强", lender_id=n, field="name") for n in (1, 2))
    assert one != two


def test_a_data_key_that_is_gone_leaves_nothing_readable():
    sealed = vault.seal("王小强", lender_id=1, about=ABOUT)
    with held(LIU):
        assert vault.open(sealed, lender_id=1, about=ABOUT) == "王小强"
    DataKey.objects.filter(lender_id=1).delete()

    with held(LIU), pytest.raises(DataKeyUnknown):
        vault.open(sealed, lender_id=1, about=ABOUT)


def test_no_key_stands_in_the_database_in_clear():
    _, key = data_keys.active(1, Purpose.SEAL)

    assert all(key not in bytes(row.wrapped) for row in DataKey.objects.all())


def test_search_makes_indexes_only_of_the_lenders_one_serves():
    mine = vault.index("王小强", lender_id=1, field="name")
    theirs = vault.index("王小强", lender_id=2, field="name")

    with held(LIU):
        found = [indexer.index("王小强", "name") for indexer in vault.seen_indexers()]
    assert found == [mine]
    with as_system("test"):
        found = [indexer.index("王小强", "name") for indexer in vault.seen_indexers()]
    assert found == [mine, theirs]
    assert vault.seen_indexers() == []
