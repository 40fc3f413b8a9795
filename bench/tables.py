"""A block of drawn contracts as the rows of the product's tables."""

from collections.abc import Mapping

import numpy as np

from bench import people
from bench.binary_copy import Array, Column
from bench.shape import AS_OF, DAY_BASIS, NEVER, Block, days, half_up
from recoup.modules.parties.sealing import PersonalData
from recoup.modules.vehicles import sealing

LENDERS = 4
EVENING = (days(AS_OF) * 86_400 - 6 * 3_600) * 1_000_000  # 18:00 UTC the day before
MORNING = EVENING + 9 * 3_600 * 1_000_000
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑"
GIVEN = "一二三四五六七八九十百千万甲乙丙丁戊己庚辛"
CARS = ("比亚迪", "吉利", "长安", "奇瑞", "哈弗", "五菱", "大众", "丰田", "本田", "日产")
REGIONS = ("上海", "北京", "广东", "浙江", "江苏", "四川", "湖北", "山东", "河南", "福建")
RULES = ("CIVIL_CODE_561", "OLDEST_INSTALMENT_FIRST")

Rows = Mapping[str, Column]
Keys = Mapping[int, PersonalData]


def int8(values: Array, missing: Array | None = None) -> Column:
    """A bigint column."""
    return Column("int8", values, missing)


def int4(values: Array) -> Column:
    """An integer column."""
    return Column("int4", values)


def day(values: Array) -> Column:
    """A date column; NEVER is NULL."""
    missing = values == NEVER
    return Column("date", values, missing if missing.any() else None)


def always(kind: str, value: int | str, count: int) -> Column:
    """The same value in every row."""
    told = np.bytes_(value.encode()) if isinstance(value, str) else value
    return Column(kind, np.full(count, told))


def words(choices: tuple[str, ...] | str, index: Array) -> Column:
    """A text column: one of a few words by its number."""
    return Column("text", np.array([w.encode() for w in choices])[index % len(choices)])


def numbered(prefix: str, width: int, numbers: Array) -> Column:
    """A text column: a prefix and a number padded with zeros."""
    return Column("text", np.char.mod(f"{prefix}%0{width}d".encode(), numbers))


def lender_of(ids: Array) -> Array:
    """Which lender entrusted a contract."""
    return 1 + ids % LENDERS


def parties(b: Block, keys: Keys) -> Rows:
    """One borrower per contract, with a made-up name."""
    n = len(b.ids)
    name = np.char.add(words(SURNAMES, b.ids).values, words(GIVEN, b.ids // 20).values)
    name = np.char.add(name, words(GIVEN, b.ids // 420).values)
    ref = numbered("P", 8, b.ids)
    said = zip(lender_of(b.ids).tolist(), ref.values.tolist(), name.tolist(), strict=True)
    kept = [keys[lender].name(who.decode(), text.decode()) for lender, who, text in said]
    return {
        "id": int8(b.ids),
        "lender_id": int8(lender_of(b.ids)),
        "ref": ref,
        "kind": always("text", "PERSON", n),
        **people.columns("name", kept),
        "region": words(REGIONS, b.ids),
        "is_synthetic": always("bool", 1, n),
    }


def contact_points(b: Block, keys: Keys) -> Rows:
    """A mobile number that no operator gives out, and an address, per borrower."""
    n = len(b.ids)
    phone = numbered("1000", 7, b.ids).values
    address = np.char.add(words(REGIONS, b.ids).values, numbered("模拟路", 6, b.ids).values)
    whose = list(zip(lender_of(b.ids).tolist(), numbered("P", 8, b.ids).values, strict=True))
    kept = [
        keys[lender].contact(ref.decode(), kind, text.decode())
        for kind, texts in (("MOBILE", phone), ("ADDRESS", address))
        for (lender, ref), text in zip(whose, texts, strict=True)
    ]
    return {
        "id": int8(np.concatenate([2 * b.ids - 1, 2 * b.ids])),
        "party_id": int8(np.concatenate([b.ids, b.ids])),
        "kind": Column("text", np.repeat(np.array([b"MOBILE", b"ADDRESS"]), n)),
        **people.columns("value", kept),
        "is_synthetic": always("bool", 1, 2 * n),
    }


def contract_numbers(b: Block) -> Column:
    """Each contract's number."""
    return numbered("BENCH", 8, b.ids)


def contracts(b: Block) -> Rows:
    """The terms as signed."""
    n, instalments = b.due_on.shape
    return {
        "id": int8(b.ids),
        "lender_id": int8(lender_of(b.ids)),
        "number": contract_numbers(b),
        "borrower_id": int8(b.ids),
        "product": always("text", "BENCH", n),
        "currency": always("text", "CNY", n),
        "principal_minor": int8(b.principal.sum(axis=1)),
        "annual_rate_micro": int4(b.rate_micro),
        "term_months": always("int2", instalments, n),
        "method": always("text", "EQUAL_INSTALMENT", n),
        "first_due_on": day(b.due_on[:, 0]),
        "matures_on": day(b.due_on[:, -1]),
        "region": words(REGIONS, b.ids),
        "state": Column("text", np.where(_paid_up(b), b"SETTLED", b"ACTIVE")),
    }


def _paid_up(b: Block) -> Array:
    return np.asarray(b.whole == b.due_on.shape[1])


def vehicles(b: Block, keys: Keys) -> Rows:
    """A car per contract."""
    n = len(b.ids)
    plates, vins = numbered("沪S", 7, b.ids).values, numbered("BENCH", 12, b.ids).values
    whose = zip(lender_of(b.ids).tolist(), contract_numbers(b).values, plates, vins, strict=True)
    kept = [
        (
            sealing.plate(keys[lender], number.decode(), plate.decode()),
            sealing.vin(keys[lender], number.decode(), vin.decode()),
        )
        for lender, number, plate, vin in whose
    ]
    return {
        "id": int8(b.ids),
        "contract_id": int8(b.ids),
        "make": words(CARS, b.ids),
        "model_year": Column("int2", 2022 + b.ids % 4),
        **people.columns("plate", [plate for plate, _ in kept]),
        **people.columns("vin", [vin for _, vin in kept]),
        "value_minor": int8(b.principal.sum(axis=1) * 5 // 4),
        "is_synthetic": always("bool", 1, n),
    }


def accounts(b: Block, payment_ids: Array) -> Rows:
    """The loan account; what was paid before the portfolio came to us left no payment of ours."""
    n = len(b.ids)
    last = np.zeros(n, dtype=np.int64)
    last[b.parted] = payment_ids
    paid = principal_paid(b).sum(axis=1)
    return {
        "contract_id": int8(b.ids),
        "lender_id": int8(lender_of(b.ids)),
        "currency": always("text", "CNY", n),
        "penalty_rate_micro": int4(b.penalty_rate_micro),
        "penalty_day_basis": always("int2", DAY_BASIS, n),
        "penalty_on_interest": always("bool", 1, n),
        "grace_days": always("int2", 0, n),
        "allocation_rule_id": words(RULES, (b.ids % 8 == 0).astype(np.int64)),
        "principal_open_minor": int8(b.principal.sum(axis=1) - paid),
        "last_payment_on": day(b.part_on),
        "last_payment_id": int8(last, last == 0),
    }


def _whole_instalments(b: Block) -> Array:
    """Row per contract, column per instalment: whether it is paid in full."""
    return np.asarray(np.arange(b.due_on.shape[1]) < b.whole[:, None])


def _with_parts(b: Block, amounts: Array, parts: Array) -> Array:
    """`amounts` with what the part payment brought to the first unpaid instalment."""
    amounts[b.parted, b.whole[b.parted]] = parts[b.parted]
    return amounts


def principal_paid(b: Block) -> Array:
    """What is paid of each instalment's principal."""
    return _with_parts(b, np.where(_whole_instalments(b), b.principal, 0), b.part_principal)


def interest_paid(b: Block) -> Array:
    """What is paid of each instalment's interest."""
    return _with_parts(b, np.where(_whole_instalments(b), b.interest, 0), b.part_interest)


def accrued_on(b: Block) -> Array:
    """Until when each instalment's minor-days are counted."""
    return _with_parts(b, b.due_on.copy(), b.part_on)


def minor_days(b: Block) -> Array:
    """The minor-days counted so far."""
    return _with_parts(b, np.zeros_like(b.due_on), b.part_minor_days)


def penalty_paid(b: Block) -> Array:
    """The penalty interest paid so far."""
    return _with_parts(b, np.zeros_like(b.due_on), b.part_penalty)


def dues(b: Block) -> Rows:
    """Every instalment, in the order of its key."""
    n, instalments = b.due_on.shape
    settled_on = np.where(_whole_instalments(b), b.due_on, NEVER)
    return {
        "contract_id": int8(np.repeat(b.ids, instalments)),
        "seq": Column("int2", np.tile(np.arange(1, instalments + 1), n)),
        "due_on": day(b.due_on.ravel()),
        "accrued_on": day(accrued_on(b).ravel()),
        "settled_on": day(settled_on.ravel()),
        "principal_minor": int8(b.principal.ravel()),
        "interest_minor": int8(b.interest.ravel()),
        "principal_paid_minor": int8(principal_paid(b).ravel()),
        "interest_paid_minor": int8(interest_paid(b).ravel()),
        "penalty_paid_minor": int8(penalty_paid(b).ravel()),
        "minor_days": int8(minor_days(b).ravel()),
    }


def part_payments(b: Block, payment_ids: Array) -> Rows:
    """The posted payments behind the parts."""
    at = b.parted
    amount = b.part_penalty[at] + b.part_interest[at] + b.part_principal[at]
    posted = (b.part_on[at] * 86_400 + 43_200) * 1_000_000
    return _payments(b.ids[at], payment_ids, b.part_on[at], amount, posted) | {
        "posted_at": Column("int8", posted),
    }


def new_payments(b: Block, first_id: int) -> Rows:
    """Today's payments, not yet posted."""
    at = np.flatnonzero(b.pays_minor)
    ids = first_id + np.arange(len(at))
    on = np.full(len(at), days(AS_OF))
    return _payments(b.ids[at], ids, on, b.pays_minor[at], np.full(len(at), MORNING))


def _payments(
    contract_ids: Array, ids: Array, on: Array, amount: Array, at: Array
) -> dict[str, Column]:
    n = len(ids)
    return {
        "id": int8(ids),
        "contract_id": int8(contract_ids),
        "value_on": day(on),
        "amount_minor": int8(amount),
        "currency": always("text", "CNY", n),
        "channel": always("text", "AUTO_DEBIT", n),
        "reference": numbered("T", 10, ids),
        "received_at": int8(at),
    }


def entries(b: Block, payment_ids: Array) -> Rows:
    """The receipt of each part payment and what it settled: bank 1, unallocated 2, penalty 4 …"""
    at = b.parted
    parts = np.stack([b.part_penalty[at], b.part_interest[at], b.part_principal[at]])
    amounts = np.vstack([parts.sum(axis=0), parts]).ravel()
    credit = np.repeat([2, 4, 5, 6], len(at))
    kept = np.flatnonzero(amounts)
    return {
        "contract_id": int8(np.tile(b.ids[at], 4)[kept]),
        "source_id": int8(np.tile(payment_ids, 4)[kept]),
        "debit": Column("int2", np.repeat([1, 2, 2, 2], len(at))[kept]),
        "credit": Column("int2", credit[kept]),
        "amount_minor": int8(amounts[kept]),
        "value_on": day(np.tile(b.part_on[at], 4)[kept]),
        "booked_at": int8(np.full(len(kept), EVENING)),
        "seq": Column("int2", np.tile(b.whole[at] + 1, 4)[kept], (credit == 2)[kept]),
    }


def snapshots(b: Block, as_of: int) -> Rows:
    """What was overdue on the evening of `as_of` (a day as PostgreSQL counts it)."""
    paid_of_principal, paid_of_interest = principal_paid(b), interest_paid(b)
    overdue = ~_whole_instalments(b) & (b.due_on < as_of)
    at = np.flatnonzero(overdue.any(axis=1))
    late = overdue[at]
    principal = np.where(late, b.principal[at] - paid_of_principal[at], 0)
    interest = np.where(late, b.interest[at] - paid_of_interest[at], 0)
    run = np.maximum(0, as_of - accrued_on(b)[at])
    grown = minor_days(b)[at] + (principal + interest) * run
    penalty = half_up(grown * b.penalty_rate_micro[at, None], 1_000_000 * DAY_BASIS)
    oldest = b.due_on[at, b.whole[at]]
    dpd = as_of - oldest
    sums = {
        "principal_minor": principal.sum(axis=1),
        "interest_minor": interest.sum(axis=1),
        "penalty_minor": np.where(late, penalty - penalty_paid(b)[at], 0).sum(axis=1),
    }
    return {
        "as_of": day(np.full(len(at), as_of)),
        "contract_id": int8(b.ids[at]),
        "lender_id": int8(lender_of(b.ids[at])),
        "dpd_raw": int4(dpd),
        "dpd_net": int4(dpd),
        "bucket": Column("int2", np.minimum((dpd + 29) // 30, 7)),
        "tier": Column("int2", np.select([dpd > 360, dpd > 270, dpd > 90], [5, 4, 3], 2)),
        "unpaid_dues": Column("int2", late.sum(axis=1)),
        "oldest_due_on": day(oldest),
        **{name: int8(values) for name, values in sums.items()},
        "cost_minor": int8(np.zeros(len(at), dtype=np.int64)),
        "exposure_minor": int8((b.principal[at] - paid_of_principal[at]).sum(axis=1)),
    }
