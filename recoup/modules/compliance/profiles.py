"""What each jurisdiction allows, as data. Sources: docs/law/contact-gate.md."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Jurisdiction(StrEnum):
    CN = "CN"
    US = "US"


class Effect(StrEnum):
    """Whether breaking a rule is refused, or only warned of."""

    BLOCK = "BLOCK"
    WARN = "WARN"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of conduct: its id, what it says, where it stands and what the gate makes of it."""

    id: str
    says: str
    citation: str
    effect: Effect = Effect.BLOCK


@dataclass(frozen=True, slots=True)
class Profile:
    """The limits of a jurisdiction; None where it sets none.

    `talks_a_day`: conversations we began, per debtor and day. `unanswered_a_day`: per debtor.
    `calls_a_week`: per debtor and contract. `rest_days_after_talk`: the talk's day is the first.
    """

    jurisdiction: Jurisdiction
    opens: time
    closes: time
    hours_rules: tuple[str, ...]
    frequency_rules: tuple[str, ...]
    obligor_rules: tuple[str, ...]
    guarantor_rules: tuple[str, ...]
    third_party_rules: tuple[str, ...]
    disclosure_rules: tuple[str, ...]
    stop_rules: tuple[str, ...]
    talks_a_day: int | None = None
    talks_rule: str = ""
    unanswered_a_day: int | None = None
    unanswered_rule: str = ""
    calls_a_week: int | None = None
    week_rule: str = ""
    rest_days_after_talk: int | None = None
    rest_rule: str = ""


GB_T = "GB/T 45251-2025 §5.3"
GUIDE = "中国银行业协会《金融机构个人消费类贷款催收工作指引(试行)》(2026-01-30)"

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("CN-TIME-001", "No collection from 22:00 to 08:00 unless agreed", GB_T),
        Rule("CN-TIME-002", "No calls or visits from 22:00 to 08:00 without consent", GUIDE),
        Rule("CN-FREQ-001", "At most 3 conversations a day which we begin, per debtor", GB_T),
        Rule("CN-FREQ-004", "Unanswered calls: better not more than 6 a day", GUIDE, Effect.WARN),
        Rule("CN-PARTY-001", "Collect from the debtor only, not from contact persons", GB_T),
        Rule(
            "CN-PARTY-002",
            "A guarantor only as far as law and contract allow",
            f"{GB_T}; 民法典 687、688、693",
        ),
        Rule("CN-PARTY-003", "A contact person only to reach a lost debtor", GB_T),
        Rule("CN-PARTY-004", "A contact person who refuses is never called again", GB_T),
        Rule("CN-PARTY-005", "Nothing of the debt to a contact person", GB_T, Effect.WARN),
        Rule(
            "CN-PARTY-006",
            "Lost: own number invalid, or three failures running to reach the debtor",
            GUIDE,
        ),
        Rule("CN-GUA-002", "A guarantee ends six months after the last due date", "民法典 692"),
        Rule(
            "US-TIME-001",
            "Not before 8 am nor after 9 pm at the consumer's place",
            "12 CFR 1006.6(b)(1)(i)",
        ),
        Rule("US-FREQ-001", "At most 7 calls within 7 days per debt", "12 CFR 1006.14(b)(2)(i)(A)"),
        Rule(
            "US-FREQ-002",
            "No call within 7 days after a conversation",
            "12 CFR 1006.14(b)(2)(i)(B)",
        ),
        Rule(
            "US-PARTY-003",
            "Third parties: only to learn where the consumer is, generally once",
            "12 CFR 1006.6(d)(1), 1006.10",
        ),
        Rule("HOUSE-HOLD", "Nobody is called while the case is on hold", "Recoup"),
    )
}

CN = Profile(
    jurisdiction=Jurisdiction.CN,
    opens=time(8),
    closes=time(22),
    hours_rules=("CN-TIME-001", "CN-TIME-002"),
    frequency_rules=("CN-FREQ-001", "CN-FREQ-004"),
    obligor_rules=("CN-PARTY-001",),
    guarantor_rules=("CN-PARTY-002", "CN-GUA-002"),
    third_party_rules=("CN-PARTY-001", "CN-PARTY-003", "CN-PARTY-006"),
    disclosure_rules=("CN-PARTY-005",),
    stop_rules=("CN-PARTY-004",),
    talks_a_day=3,
    talks_rule="CN-FREQ-001",
    unanswered_a_day=6,
    unanswered_rule="CN-FREQ-004",
)

US = Profile(
    jurisdiction=Jurisdiction.US,
    opens=time(8),
    closes=time(21),
    hours_rules=("US-TIME-001",),
    frequency_rules=("US-FREQ-001", "US-FREQ-002"),
    obligor_rules=(),
    guarantor_rules=(),
    third_party_rules=("US-PARTY-003",),
    disclosure_rules=("US-PARTY-003",),
    stop_rules=("US-PARTY-003",),
    calls_a_week=7,
    week_rule="US-FREQ-001",
    rest_days_after_talk=7,
    rest_rule="US-FREQ-002",
)

_PROFILES = {Jurisdiction.CN: CN, Jurisdiction.US: US}
JURISDICTION_OF_CURRENCY = {"USD": Jurisdiction.US}


def profile_of(jurisdiction: Jurisdiction) -> Profile:
    """The limits of a jurisdiction."""
    return _PROFILES[jurisdiction]


def jurisdiction_of(currency: str) -> Jurisdiction:
    """Whose law governs calls about a contract in this currency: Chinese unless listed."""
    return JURISDICTION_OF_CURRENCY.get(currency, Jurisdiction.CN)
