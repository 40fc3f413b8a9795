"""A loan of 5,000 entries derived anew: python -m bench.one_rederive [--reps 3]; prints JSON.

Each time on a loan of its own: ten years of monthly dues paid in 2,500 small payments, late ones
among them. Then a payment arrives that was valued before them all, so that every allocation moves.
"""

import argparse
import json
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django

FIRST = date(2014, 1, 15)
AS_OF = date(2024, 6, 28)
AT = datetime(2024, 6, 28, 9, tzinfo=UTC)
PAYMENTS, DUES = 2_500, 120


def main() -> None:
    """Measure."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--reps", type=int, default=3)
    told = ask.parse_args()
    django.setup()
    print(json.dumps([_one(number) for number in range(told.reps)]))


def _one(number: int) -> dict[str, Any]:
    """Seconds until the late payment is committed, and how many entries there were before."""
    from recoup.foundation.access.context import as_system  # noqa: PLC0415
    from recoup.modules.ledger import queries, services  # noqa: PLC0415
    from recoup.modules.ledger.rules import Channel  # noqa: PLC0415

    with as_system("bench"):
        contract_id = _loan(number)
        before = len(queries.entries(contract_id=contract_id))
        began = time.perf_counter()
        services.record_payment(
            contract_id=contract_id,
            amount_minor=12_345,
            currency="CNY",
            value_on=FIRST - timedelta(days=1),
            channel=Channel.TRANSFER,
            reference="late",
            actor_id=None,
            at=AT,
            as_of=AS_OF,
        )
        took = time.perf_counter() - began
        replayed = queries.loan_account(contract_id=contract_id, as_of=AS_OF)
        kept = queries.account(contract_id=contract_id)
        assert kept.unallocated_minor == replayed.unallocated
    return {"seconds": took, "entries": before}


def _loan(number: int) -> int:
    """A loan with its payments, posted."""
    from recoup.foundation import db  # noqa: PLC0415
    from recoup.modules.contracts.models import Contract  # noqa: PLC0415
    from recoup.modules.ledger import models  # noqa: PLC0415
    from recoup.modules.ledger.posting import post_payments  # noqa: PLC0415
    from recoup.modules.parties.models import Lender, Party  # noqa: PLC0415
    from recoup.modules.parties.sealing import party_columns  # noqa: PLC0415

    lender, _ = Lender.objects.get_or_create(code="bench", defaults={"name": "Bench"})
    kept = party_columns(lender_id=lender.pk, ref="P", name="Liu")
    party, _ = Party.objects.get_or_create(lender=lender, ref="P", defaults=kept)
    contract = Contract.objects.create(
        lender=lender, number=f"LONG-{number}", borrower=party, currency="CNY",
        principal_minor=DUES * 90_000, annual_rate_micro=84_000, term_months=DUES,
        first_due_on=FIRST,
    )  # fmt: skip
    models.Account.objects.create(
        contract=contract, lender_id=lender.pk, currency="CNY", penalty_rate_micro=126_000,
        allocation_rule_id="CIVIL_CODE_561", principal_open_minor=DUES * 90_000,
    )  # fmt: skip
    models.Due.objects.bulk_create(
        models.Due(
            contract_id=contract.pk,
            seq=seq + 1,
            due_on=due_on,
            accrued_on=due_on,
            principal_minor=90_000,
            interest_minor=10_000,
        )
        for seq in range(DUES)
        for due_on in [FIRST.replace(year=FIRST.year + seq // 12, month=seq % 12 + 1)]
    )
    days = (AS_OF - FIRST).days
    models.Payment.objects.bulk_create(
        models.Payment(
            contract_id=contract.pk,
            value_on=FIRST + timedelta(days=n * days // PAYMENTS),
            amount_minor=5_200,
            currency="CNY",
            channel="TRANSFER",
            reference=f"P-{n}",
            received_at=AT,
        )
        for n in range(PAYMENTS)
    )
    with db.use_case():
        post_payments(as_of=AS_OF, at=AT, contract_id=contract.pk)
    return int(contract.pk)


if __name__ == "__main__":
    main()
