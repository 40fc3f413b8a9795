"""Position: what is overdue and outstanding on a day, and how late the account is."""

from dataclasses import dataclass
from datetime import date

from recoup.core import arrears
from recoup.core.account.posting import Account
from recoup.core.account.states import DueState
from recoup.core.arrears import Tier
from recoup.core.refusals import Refused
from recoup.core.waterfall import Component


class AsOfBeforeLastPayment(Refused):
    """The account already holds a later payment; replay it without that payment first."""

    code = "as_of_before_last_payment"
    message = "The account holds a payment of %(last_value_on)s, after %(as_of)s."


@dataclass(frozen=True, slots=True)
class Position:
    """Where an account stands at the end of a day; amounts in minor units.

    Overdue counts dues before `as_of` only: a due on its due date is not late.
    `oldest_due_on`: the oldest such due date with more principal and interest open than is
    tolerated; a cost or a penalty alone makes an account owe, but not late. `tier` is what
    lateness alone demands.
    """

    as_of: date
    overdue_cost: int
    overdue_penalty: int
    overdue_interest: int
    overdue_principal: int
    outstanding_principal: int
    oldest_due_on: date | None
    dpd_raw: int
    dpd_net: int
    bucket: int
    tier: Tier

    @property
    def overdue_total(self) -> int:
        """Cost + penalty + interest + principal overdue."""
        return (
            self.overdue_cost
            + self.overdue_penalty
            + self.overdue_interest
            + self.overdue_principal
        )

    @property
    def bucket_code(self) -> str:
        """The code of the bucket: "M0" … "M6+"."""
        return arrears.bucket_code(self.bucket)


def overdue_states(account: Account, as_of: date) -> tuple[DueState, ...]:
    """The dues before `as_of` that are not settled. Raises AsOfBeforeLastPayment."""
    refuse_before_last_payment(account, as_of)
    return tuple(s for s in account.states if s.settled_on is None and s.due_on < as_of)


def refuse_before_last_payment(account: Account, as_of: date) -> None:
    """A replayed account only answers for the day of its last payment and later."""
    last = account.last_value_on
    if last is not None and as_of < last:
        raise AsOfBeforeLastPayment(last_value_on=last, as_of=as_of)


def position(account: Account, as_of: date) -> Position:
    """Where the account stands on a day. Raises AsOfBeforeLastPayment."""
    overdue = overdue_states(account, as_of)
    amounts = dict.fromkeys(Component, 0)
    for state in overdue:
        for component, amount in state.open_by_component(account.terms, as_of).items():
            amounts[component] += amount
    late = [s.due_on for s in overdue if s.is_late_on(account.terms, as_of)]
    oldest_due_on = min(late, default=None)
    raw = arrears.dpd_raw(oldest_due_on, as_of)
    return Position(
        as_of=as_of,
        overdue_cost=amounts[Component.COST],
        overdue_penalty=amounts[Component.PENALTY],
        overdue_interest=amounts[Component.INTEREST],
        overdue_principal=amounts[Component.PRINCIPAL],
        outstanding_principal=sum(s.principal_open for s in account.states),
        oldest_due_on=oldest_due_on,
        dpd_raw=raw,
        dpd_net=arrears.dpd_net(raw, account.terms.grace_days),
        bucket=arrears.bucket(raw, account.terms.grace_days),
        tier=arrears.tier(raw, account.terms.grace_days),
    )
