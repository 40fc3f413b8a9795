"""What goes in and out. Strict: unknown fields are refused, numbers are numbers, days are days.

Amounts are integers in minor units (CNY: fen) beside their ISO 4217 currency; rates are annual, in
millionths. Names and numbers of people come masked, always.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    WithJsonSchema,
)

from recoup.modules.webhooks import rules as webhooks

LARGEST = 2**63 - 1
_KINDS = tuple(kind.value for kind in webhooks.EventKind)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _only_a_day(said: Any) -> Any:
    """A day is written YYYY-MM-DD; a number or a moment is none."""
    if isinstance(said, date) and not isinstance(said, datetime):
        return said
    if not isinstance(said, str) or not DAY.fullmatch(said):
        raise ValueError("a day is written YYYY-MM-DD")
    return said


def _in_utc(said: datetime) -> datetime:
    """A moment as the database takes it: it knows no offset of sixteen hours or more."""
    try:
        return said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        raise ValueError("this moment lies outside of all years") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Id = Annotated[int, Field(ge=1, le=LARGEST)]
Minor = Annotated[StrictInt, Field(ge=1, le=LARGEST // 1000)]
Day = Annotated[
    date, BeforeValidator(_only_a_day), WithJsonSchema({"type": "string", "format": "date"})
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
LenderCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")]
Cursor = Annotated[str, Field(pattern=r"^[0-9a-z]{1,12}$")]
Bucket = Annotated[int, Field(ge=0, le=7)]
PromiseState = Annotated[str, Field(pattern=r"^(OPEN|KEPT|PARTLY_KEPT|BROKEN|REPLACED)$")]
RowKind = Annotated[
    str, Field(pattern=r"^(contracts|instalments|parties|contacts|vehicles|payments|several)$")
]
ActName = Annotated[str, Field(pattern=r"^[A-Z_]{1,24}$")]
DeliveryState = Annotated[str, Field(pattern=r"^(WAITING|DELIVERED|GIVEN_UP)$")]
EventKind = Annotated[str, Field(pattern=f"^({'|'.join(re.escape(kind) for kind in _KINDS)})$")]
PageSize = Annotated[int, Field(ge=1, le=200)]


class Given(Schema):
    """A body: fields that are not named here are refused."""

    model_config = ConfigDict(extra="forbid")


class Shown(Schema):
    """An answer."""


class Problem(Shown):
    """RFC 9457. `code` is for machines, `detail` for people; `instance` is the request's number."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[dict[str, Any]] | None = None


class Me(Shown):
    """Whose key this is and what it may do."""

    name: str
    rights: list[str]
    reach: str
    lender_ids: list[int]


class Night(Shown):
    """The last finished night: the books stand at its day."""

    business_day: date | None
    finished_at: datetime | None


class Contract(Shown):
    """A contract; `case_*` only while it is in collections."""

    id: int
    number: str
    lender: str
    borrower_masked: str
    product: str
    currency: str
    principal_minor: int
    annual_rate_micro: int
    term_months: int
    signed_on: date | None
    first_due_on: date
    matures_on: date | None
    region: str
    state: str
    case_id: int | None
    case_state: str | None
    bucket: int | None


class Contracts(Shown):
    """A page; `next` goes on after it, null at the end."""

    items: list[Contract]
    next: str | None


class Case(Shown):
    """A case in collections, as of the business day."""

    id: int
    contract_id: int
    number: str
    lender: str
    borrower_masked: str
    state: str
    opened_on: date
    bucket: int
    days_past_due: int
    currency: str
    overdue_minor: int
    exposure_minor: int
    next_step: str
    next_step_on: date | None


class Cases(Shown):
    items: list[Case]
    next: str | None


class PenaltyStretch(Shown):
    """Days `from_on` until before `to_on` on which penalty grew on one sum."""

    from_on: date
    to_on: date
    base_minor: int


class OpenDue(Shown):
    """What is open of one overdue instalment, and where its penalty comes from."""

    seq: int
    due_on: date
    cost_minor: int
    penalty_minor: int
    interest_minor: int
    principal_minor: int
    total_minor: int
    penalty_charged_minor: int
    penalty_paid_minor: int
    is_in_grace: bool
    penalty_stretches: list[PenaltyStretch]


class AccountPosition(Shown):
    """Where an account stands at the end of a day; the dues add up to the total."""

    contract_id: int
    as_of: date
    currency: str
    overdue_minor: int
    overdue_cost_minor: int
    overdue_penalty_minor: int
    overdue_interest_minor: int
    overdue_principal_minor: int
    outstanding_principal_minor: int
    unallocated_minor: int
    oldest_due_on: date | None
    days_past_due: int
    bucket: int
    tier: int
    penalty_rate_micro: int
    penalty_day_basis: int
    dues: list[OpenDue]


class Payment(Shown):
    """Money received: a fact. `reversed_on` says since when it does not stand."""

    id: int
    contract_id: int
    value_on: date
    amount_minor: int
    currency: str
    channel: str
    reference: str
    received_at: datetime
    reversed_on: date | None


class Payments(Shown):
    items: list[Payment]
    next: str | None


class PaymentGiven(Given):
    """A payment to post. The reference makes it one payment, however often it is sent."""

    contract_id: Annotated[StrictInt, Field(ge=1, le=LARGEST)]
    amount_minor: Minor
    currency: Currency
    value_on: Day
    channel: Annotated[str, Field(pattern=r"^(TRANSFER|CASH|ONLINE|AUTO_DEBIT)$")]
    reference: Reference


class PaymentsGiven(Given):
    """Up to 100 payments; each is posted, or refused, for itself."""

    payments: Annotated[list[PaymentGiven], Field(min_length=1, max_length=100)]


class PaymentPosted(Shown):
    """What became of one payment: POSTED, KNOWN (sent before) or REFUSED with code and words."""

    reference: str
    contract_id: int
    outcome: str
    payment_id: int | None = None
    code: str | None = None
    detail: str | None = None


class PaymentsPosted(Shown):
    """In the order they were sent."""

    results: list[PaymentPosted]


class Promise(Shown):
    """A borrower's word to pay an amount by a day, and what the money made of it."""

    id: int
    contract_id: int
    amount_minor: int
    paid_minor: int
    currency: str
    taken_on: date
    due_on: date
    state: str
    decided_on: date | None


class Promises(Shown):
    items: list[Promise]
    next: str | None


class Batch(Shown):
    """A file that was sent, and how far it is."""

    id: int
    lender: str
    kind: str
    mapping: str
    filename: str
    sha256: str
    size_bytes: int
    state: str
    stage: str
    progress_pct: int
    rows_total: int
    rows_good: int
    rows_bad: int
    rows_unchanged: int
    refusal_code: str
    received_at: datetime
    finished_at: datetime | None


class Batches(Shown):
    items: list[Batch]
    next: str | None


class Fault(Shown):
    """Why a row was not taken in; a personal value is not shown."""

    row_number: int
    kind: str
    column: str
    value: str
    code: str
    detail: str


class Faults(Shown):
    items: list[Fault]
    next: str | None


class Webhook(Shown):
    """A subscription: where a lender's events are sent. `state` says whether they are."""

    id: int
    lender: str
    address: str
    kinds: list[str]
    state: str
    made_at: datetime
    failing_since: datetime | None
    waiting: int
    delivered_at: datetime | None
    given_up: int


class Webhooks(Shown):
    items: list[Webhook]


class WebhookGiven(Given):
    """Which events of which lender go where. The operator has listed the address's origin."""

    lender: LenderCode
    address: Annotated[str, Field(min_length=9, max_length=webhooks.LONGEST_ADDRESS)]
    kinds: Annotated[list[EventKind], Field(min_length=1, max_length=len(_KINDS))]


class WebhookMade(Shown):
    """The subscription, and the secret that signs its events: shown this once."""

    webhook: Webhook
    secret: str


class Nothing(Given):
    """An empty object: there is nothing to say."""


class SecretGiven(Given):
    """For how many days the secret before goes on signing beside the new one."""

    keep_old_days: Annotated[StrictInt, Field(ge=0, le=7)] = 1


class SecretMade(Shown):
    """The new secret: shown this once."""

    secret: str


class TestSent(Shown):
    """The test event is on its way."""

    event_id: str


class ReplayOne(Given):
    """One delivery, sent again."""

    delivery_id: Annotated[StrictInt, Field(ge=1, le=LARGEST)]


class ReplaySince(Given):
    """All deliveries of events written since a moment, sent again."""

    since: Moment


class Replayed(Shown):
    """How many deliveries are sent again."""

    deliveries: int


class WebhookDelivery(Shown):
    """One event for one subscription, and what was answered last (or why nothing was)."""

    id: int
    event_id: str
    kind: str
    at: datetime
    contract_id: int | None
    state: str
    tries: int
    next_at: datetime | None
    tried_at: datetime | None
    answer_status: int | None
    answer_why: str
    answer_ms: int | None


class Deliveries(Shown):
    items: list[WebhookDelivery]
    next: str | None


class Event(Shown):
    """An event of the record."""

    chain: int
    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    subject_id: int | None
    lender_id: int | None
    hash: str


class Events(Shown):
    """Newest first; ask again with `before` for older ones, null at the end."""

    items: list[Event]
    before: datetime | None
