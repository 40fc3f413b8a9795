"""The gate: may this person be called now? Every reason is given, each with the rule behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused
from recoup.modules.compliance.hours import in_hours, next_opening, start_of_day, window_end
from recoup.modules.compliance.profiles import Jurisdiction, Profile, profile_of
from recoup.modules.contracts.rules import Role

OBLIGORS = (Role.BORROWER, Role.CO_BORROWER)
GUARANTEE_DAYS = 183  # 民法典 692: six months from the last due date where nothing else is agreed


class Verdict(StrEnum):
    ALLOWED = "ALLOWED"
    NOT_NOW = "NOT_NOW"
    NEVER = "NEVER"


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What the gate knows of one person named in one contract.

    `talks_today` and `unanswered_today`: calls we made to the person, in the debtor's calendar
    day, over all contracts. `calls_this_week` and `last_talk_at`: for this contract.
    `debtor_is_lost` (失联): no valid number of their own, or three failures running.
    `asked_to_stop`: a contact person once refused. `local_zones`: where the person may be.
    """

    contract_id: int
    party_id: int
    role: Role
    jurisdiction: Jurisdiction
    local_zones: tuple[str, ...]
    is_held: bool = False
    talks_today: int = 0
    unanswered_today: int = 0
    calls_this_week: int = 0
    last_talk_at: datetime | None = None
    debtor_is_lost: bool = False
    asked_to_stop: bool = False
    matures_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not, or what to mind: `until` None means no known moment ends it."""

    code: str
    message: str
    rule_ids: tuple[str, ...]
    until: datetime | None = None
    verdict: Verdict = Verdict.NOT_NOW


@dataclass(frozen=True, slots=True)
class Count:
    """How much of a limit is used; a soft limit warns, a hard one refuses."""

    code: str
    used: int
    limit: int
    rule_id: str
    is_soft: bool = False

    @property
    def left(self) -> int:
        """How many more are allowed."""
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class Clearance:
    """Proof that the gate said yes, for this person, until the day's window closes."""

    contract_id: int
    party_id: int
    role: Role
    jurisdiction: Jurisdiction
    valid_until: datetime
    counts: tuple[Count, ...]
    warnings: tuple[Reason, ...]
    rule_ids: tuple[str, ...]
    verdict: Verdict = Verdict.ALLOWED


@dataclass(frozen=True, slots=True)
class Refusal:
    """The gate said no: not before `until` (None: until something changes), or never."""

    contract_id: int
    party_id: int
    role: Role
    jurisdiction: Jurisdiction
    verdict: Verdict
    until: datetime | None
    counts: tuple[Count, ...]
    reasons: tuple[Reason, ...]
    rule_ids: tuple[str, ...]


class ContactRefused(Refused):
    """A use case would reach a person whom the gate does not clear; `refusal` says why."""

    code = "contact_refused"
    message = "This person may not be called now."

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


def decide(facts: ContactFacts, at: datetime) -> Clearance | Refusal:
    """May we call this person at `at`? Hours, frequency, person and holds all count."""
    profile = profile_of(facts.jurisdiction)
    counts = count(facts, profile)
    found = [
        *_hours(facts, profile, at),
        *_hold(facts),
        *_person(facts, profile, at),
        *_frequency(facts, profile, counts, at),
    ]
    refused = tuple(reason for reason in found if not _only_warns(reason))
    applied = rules_applied(facts, profile)
    if not refused:
        until = window_end(profile.opens, profile.closes, facts.local_zones, at)
        return Clearance(
            facts.contract_id, facts.party_id, facts.role, facts.jurisdiction, until, counts,
            tuple(found), applied,
        )  # fmt: skip
    return Refusal(
        facts.contract_id, facts.party_id, facts.role, facts.jurisdiction, _worst(refused),
        _end_of_all(refused), counts, refused, applied,
    )  # fmt: skip


def count(facts: ContactFacts, profile: Profile) -> tuple[Count, ...]:
    """The limits that apply to the person, and how much of each is used."""
    counts = list[Count]()
    if profile.talks_a_day is not None:
        counts.append(
            Count("TALKS_TODAY", facts.talks_today, profile.talks_a_day, profile.talks_rule)
        )
    if profile.unanswered_a_day is not None:
        used, limit = facts.unanswered_today, profile.unanswered_a_day
        counts.append(Count("UNANSWERED_TODAY", used, limit, profile.unanswered_rule, is_soft=True))
    if profile.calls_a_week is not None:
        counts.append(
            Count("CALLS_THIS_WEEK", facts.calls_this_week, profile.calls_a_week, profile.week_rule)
        )
    return tuple(counts)


def rules_applied(facts: ContactFacts, profile: Profile) -> tuple[str, ...]:
    """The ids of every rule looked at for this person, in the order of looking."""
    person = {
        Role.GUARANTOR: profile.guarantor_rules,
        Role.CONTACT: profile.third_party_rules,
    }.get(facts.role, profile.obligor_rules)
    return (*profile.hours_rules, *profile.frequency_rules, *person)


def _hours(facts: ContactFacts, profile: Profile, at: datetime) -> Iterable[Reason]:
    if not in_hours(profile.opens, profile.closes, facts.local_zones, at):
        yield Reason(
            "OUTSIDE_HOURS",
            "Outside the hours in which collection is allowed",
            profile.hours_rules,
            until=next_opening(profile.opens, profile.closes, facts.local_zones, at),
        )


def _hold(facts: ContactFacts) -> Iterable[Reason]:
    if facts.is_held:
        yield Reason("ON_HOLD", "The case is on hold", ("HOUSE-HOLD",))


def _person(facts: ContactFacts, profile: Profile, at: datetime) -> Iterable[Reason]:
    if facts.role is Role.GUARANTOR and profile.jurisdiction is Jurisdiction.CN:
        yield from _guarantor(facts, at)
    if facts.role is Role.CONTACT:
        yield from _third_party(facts, profile)


def _guarantor(facts: ContactFacts, at: datetime) -> Iterable[Reason]:
    ended_on = facts.matures_on and facts.matures_on + timedelta(days=GUARANTEE_DAYS)
    if ended_on is not None and at.date() > ended_on:
        yield Reason(
            "GUARANTEE_ENDED",
            "The guarantee period has ended",
            ("CN-GUA-002", "CN-PARTY-002"),
            verdict=Verdict.NEVER,
        )
    elif not facts.debtor_is_lost:
        yield Reason("DEBTOR_IS_REACHABLE", "The debtor can be reached", ("CN-PARTY-002",))


def _third_party(facts: ContactFacts, profile: Profile) -> Iterable[Reason]:
    if facts.asked_to_stop:
        yield Reason(
            "ASKED_TO_STOP",
            "This contact person asked not to be called again",
            profile.stop_rules,
            verdict=Verdict.NEVER,
        )
    elif not facts.debtor_is_lost:
        yield Reason("DEBTOR_IS_REACHABLE", "The debtor can be reached", profile.third_party_rules)
    else:
        yield Reason(
            "SAY_NOTHING_OF_THE_DEBT",
            "Ask only how to reach the debtor; say nothing of the debt",
            profile.disclosure_rules,
            verdict=Verdict.ALLOWED,
        )


def _frequency(
    facts: ContactFacts, profile: Profile, counts: tuple[Count, ...], at: datetime
) -> Iterable[Reason]:
    tomorrow = next_opening(profile.opens, profile.closes, facts.local_zones, at, after_today=True)
    for limit in counts:
        if limit.left == 0:
            yield Reason(
                limit.code,
                PER_LIMIT[limit.code],
                (limit.rule_id,),
                until=None if limit.code == "CALLS_THIS_WEEK" else tomorrow,
                verdict=Verdict.ALLOWED if limit.is_soft else Verdict.NOT_NOW,
            )
    if profile.rest_days_after_talk is not None and facts.last_talk_at is not None:
        rested = start_of_day(facts.local_zones, facts.last_talk_at) + timedelta(
            days=profile.rest_days_after_talk
        )
        free_at = next_opening(profile.opens, profile.closes, facts.local_zones, rested)
        if at < free_at:
            yield Reason(
                "SPOKE_RECENTLY",
                "We spoke with this person less than seven days ago",
                (profile.rest_rule,),
                until=free_at,
            )


PER_LIMIT = {
    "TALKS_TODAY": "No more conversations today",
    "UNANSWERED_TODAY": "Many unanswered calls today: better try tomorrow",
    "CALLS_THIS_WEEK": "No more calls within seven days",
}


def _only_warns(reason: Reason) -> bool:
    return reason.verdict is Verdict.ALLOWED


def _worst(reasons: Iterable[Reason]) -> Verdict:
    return Verdict.NEVER if any(r.verdict is Verdict.NEVER for r in reasons) else Verdict.NOT_NOW


def _end_of_all(reasons: tuple[Reason, ...]) -> datetime | None:
    """When the last reason ends; None if one of them has no known end."""
    ends = [reason.until for reason in reasons if reason.until is not None]
    return max(ends) if len(ends) == len(reasons) else None
