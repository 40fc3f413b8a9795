"""Everything that changes an account. Each is a transaction of its own, or a part of the caller's.

`receive` and `place_receipt` take money in; `record_payment` does both where it is known whose the
money is. `waive`, `write_off`, `refund` and `transfer` change what an account says without new
money: whoever calls them has seen that it is approved and gives the approval's number
(`request_id`), which the database takes once. `maker_id` asked for it; `actor_id` is who is there.
"""

from recoup.modules.ledger.services.adjustments import (
    Approved,
    refund,
    reverse_adjustment,
    waive,
    write_off,
)
from recoup.modules.ledger.services.payments import (
    extend,
    record_payment,
    record_returns,
    reverse_payment,
)
from recoup.modules.ledger.services.receipts import (
    place_receipt,
    receive,
    return_receipt,
)
from recoup.modules.ledger.services.remittances import remit
from recoup.modules.ledger.services.transfers import transfer

__all__ = [
    "Approved",
    "extend",
    "place_receipt",
    "receive",
    "record_payment",
    "record_returns",
    "refund",
    "remit",
    "return_receipt",
    "reverse_adjustment",
    "reverse_payment",
    "transfer",
    "waive",
    "write_off",
]
