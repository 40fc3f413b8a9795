"""Whoever changes an account holds it until the transaction ends: acts on one take turns."""

from datetime import date

from recoup.foundation.access.reach import serves
from recoup.modules.ledger import models
from recoup.modules.ledger.rules import AccountUnknown, BooksAreAhead


def lock_account(contract_id: int, as_of: date) -> models.Account:
    """The account, locked. Raises AccountUnknown, BooksAreAhead."""
    account = models.Account.objects.select_for_update().filter(contract_id=contract_id).first()
    if account is None or not serves(account.lender_id):
        raise AccountUnknown(number=contract_id)
    last = max(filter(None, (account.last_payment_on, account.last_adjustment_on)), default=as_of)
    if last > as_of:
        raise BooksAreAhead(last=last.isoformat(), as_of=as_of.isoformat())
    return account
