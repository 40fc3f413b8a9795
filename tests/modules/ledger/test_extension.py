"""An extension moves what is open, keeps what is paid, and is remembered as a fact."""

from datetime import UTC, date, datetime

import pytest

from recoup.core.account import Due, Terms
from recoup.core.waterfall import ORDERS
from recoup.modules.arrears import jobs as arrears
from recoup.modules.arrears.models import Snapshot
from recoup.modules.ledger import models, services
from recoup.modules.ledger.rules import Channel, ExtensionAfterPenalty, ExtensionNotForward
from tests.modules.ledger.portfolios import History
from tests.modules.ledger.test_posting_equals_core import open_account

pytestmark = pytest.mark.django_db
AT = datetime(2024, 3, 1, 9, tzinfo=UTC)
TERMS = Terms("USD", 0, order=ORDERS["OLDEST_INSTALMENT_FIRST"])
DUES = (
    Due(1, date(2023, 12, 31), principal=300_00, interest=20_00),
    Due(2, date(2024, 1, 31), principal=310_00, interest=10_00),
    Due(3, date(2024, 2, 29), principal=320_00),
)


def extend(contract: int, months: int = 2) -> int:
    return services.extend(
        contract_id=contract,
        months=months,
        reason="hardship",
        actor_id=None,
        at=AT,
        as_of=date(2024, 3, 1),
    )


def test_gomez_pays_one_and_has_the_others_moved_to_later_month_ends():
    gomez = open_account(History(TERMS, DUES, ()), 1)
    services.record_payment(
        contract_id=gomez,
        amount_minor=330_00,
        currency="USD",
        value_on=date(2024, 1, 5),
        channel=Channel.TRANSFER,
        reference="",
        actor_id=1,
        at=AT,
        as_of=date(2024, 3, 1),
    )

    moved = extend(gomez)
    arrears.snapshot_day(as_of=date(2024, 3, 1))

    dues = models.Due.objects.filter(contract_id=gomez).order_by("seq")
    assert moved == 2
    assert [due.due_on for due in dues] == [
        date(2023, 12, 31),
        date(2024, 3, 31),
        date(2024, 4, 30),
    ]
    assert [due.interest_paid_minor for due in dues] == [20_00, 10_00, 0]
    assert not Snapshot.objects.filter(contract_id=gomez).exists()
    fact = models.Extension.objects.get()
    assert (fact.contract_id, fact.months, fact.seqs) == (gomez, 2, [2, 3])


def test_an_extension_backwards_is_refused_and_moves_nothing():
    gomez = open_account(History(TERMS, DUES, ()), 1)

    with pytest.raises(ExtensionNotForward):
        extend(gomez, months=0)

    assert models.Due.objects.get(contract_id=gomez, seq=1).due_on == date(2023, 12, 31)
    assert not models.Extension.objects.exists()


def test_a_due_on_which_penalty_was_paid_is_not_moved():
    gomez = open_account(History(TERMS, DUES, ()), 1)
    models.Due.objects.filter(contract_id=gomez, seq=2).update(penalty_paid_minor=1)

    with pytest.raises(ExtensionAfterPenalty):
        extend(gomez)

    assert models.Due.objects.get(contract_id=gomez, seq=3).due_on == date(2024, 2, 29)
    assert not models.Extension.objects.exists()
