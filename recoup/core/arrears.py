"""Arrears: days past due, bucket and class, each from the one before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from recoup.core.refusals import Refused

LAST_BUCKET = 7  # M6+: more than 180 days
BUCKET_CODES = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+")


class Tier(IntEnum):
    """Five-tier class 五级分类 (CN-CLS-001: 金融资产风险分类办法, in force 2023-07-01)."""

    PASS = 1  # 正常
    SPECIAL_MENTION = 2  # 关注
    SUBSTANDARD = 3  # 次级
    DOUBTFUL = 4  # 可疑
    LOSS = 5  # 损失


# A class begins when the days past due are strictly greater than this (CN-CLS-001).
TIER_ABOVE_DAYS = ((360, Tier.LOSS), (270, Tier.DOUBTFUL), (90, Tier.SUBSTANDARD))


class RangesBroken(Refused):
    """The ranges do not follow one another without gap or overlap."""

    code = "delinquency_ranges_broken"
    message = "The delinquency ranges %(ranges)s leave a gap or overlap."


def dpd_raw(oldest_due_on: date | None, as_of: date) -> int:
    """Days past due without grace: `as_of` − oldest open due date, never below 0.

    `oldest_due_on` is the oldest due date with open principal or interest, None if there is
    none. A due is not late on its due date.
    """
    return 0 if oldest_due_on is None else max(0, (as_of - oldest_due_on).days)


def dpd_net(dpd_raw: int, grace_days: int) -> int:
    """Days in arrears after the grace days, never below 0."""
    return max(0, dpd_raw - grace_days)


def bucket(dpd_raw: int, grace_days: int = 0) -> int:
    """Bucket number 0…7: M0, M1 = 1–30 days, … M6 = 151–180, 7 = more than 180 (M6+).

    Counted in raw days once the grace days are over, 0 until then.
    """
    if dpd_net(dpd_raw, grace_days) == 0:
        return 0
    return min((dpd_raw + 29) // 30, LAST_BUCKET)


def bucket_code(bucket: int) -> str:
    """The code of a bucket number: "M0" … "M6", "M6+"."""
    return BUCKET_CODES[bucket]


def tier(dpd_raw: int, grace_days: int = 0) -> Tier:
    """The class that lateness alone demands; other signs may only make it worse.

    Counted in raw days once the grace days are over, PASS until then.
    """
    if dpd_net(dpd_raw, grace_days) == 0:
        return Tier.PASS
    reached = (tier for days, tier in TIER_ABOVE_DAYS if dpd_raw > days)
    return next(reached, Tier.SPECIAL_MENTION)


@dataclass(frozen=True, slots=True)
class DelinquencyRange:
    """A named span of days, both ends included; `to_days` None is open-ended."""

    code: str
    from_days: int
    to_days: int | None


@dataclass(frozen=True, slots=True)
class DelinquencyRanges:
    """A lender's own names for lateness, e.g. SMA-0 = 0–30 days. Raises RangesBroken."""

    ranges: tuple[DelinquencyRange, ...]

    def __post_init__(self) -> None:
        ends = [span.to_days for span in self.ranges]
        starts = [span.from_days for span in self.ranges[1:]]
        if starts != [None if end is None else end + 1 for end in ends[:-1]]:
            raise RangesBroken(ranges=[span.code for span in self.ranges])

    def code_of(self, days: int) -> str | None:
        """The code of the range that holds `days`, None below the first or above the last."""
        for span in self.ranges:
            if span.from_days <= days and (span.to_days is None or days <= span.to_days):
                return span.code
        return None


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which lateness does not count, from `from_on` until before `until_on`."""

    from_on: date
    until_on: date


class PauseCounting(StrEnum):
    """Which days of a pause are taken off."""

    FROM_DUE_DATE = "FROM_DUE_DATE"  # those since the oldest due date
    WHOLE_PAUSE = "WHOLE_PAUSE"  # all of them, even before the due date, as Fineract does


def delinquent_days(
    oldest_due_on: date | None,
    as_of: date,
    grace_days: int,
    pauses: Iterable[Pause] = (),
    counting: PauseCounting = PauseCounting.FROM_DUE_DATE,
) -> int:
    """Days past due less grace days less paused days before `as_of`, never below 0.

    Pauses are taken not to overlap.
    """
    if oldest_due_on is None:
        return 0
    earliest = oldest_due_on if counting is PauseCounting.FROM_DUE_DATE else date.min
    paused = sum(
        max(0, (min(pause.until_on, as_of) - max(pause.from_on, earliest)).days) for pause in pauses
    )
    return max(0, dpd_raw(oldest_due_on, as_of) - grace_days - paused)
