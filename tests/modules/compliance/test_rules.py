"""The gate's verdicts, rule by rule (docs/law/contact-gate.md)."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from recoup.modules.compliance.places import zones_of
from recoup.modules.compliance.profiles import RULES, Jurisdiction, profile_of
from recoup.modules.compliance.rules import Clearance, ContactFacts, Refusal, Verdict, decide
from recoup.modules.contracts.rules import Role

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK, LOS_ANGELES = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
TEN = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
WANG = ContactFacts(7, 1, Role.BORROWER, Jurisdiction.CN, ("Asia/Shanghai",))
SMITH_AT_TEN = datetime(2026, 11, 20, 10, 0, tzinfo=NEW_YORK)
SMITH = ContactFacts(8, 2, Role.BORROWER, Jurisdiction.US, ("America/New_York",))


def refused(facts: ContactFacts, at: datetime) -> Refusal:
    state = decide(facts, at)
    assert isinstance(state, Refusal)
    return state


def codes(facts: ContactFacts, at: datetime) -> set[str]:
    return {reason.code for reason in refused(facts, at).reasons}


def test_wang_may_be_called_on_a_friday_morning_until_ten_at_night():
    state = decide(WANG, TEN)

    assert isinstance(state, Clearance)
    assert state.valid_until == datetime(2026, 11, 20, 22, 0, tzinfo=SHANGHAI)
    assert [(c.code, c.used, c.limit) for c in state.counts] == [
        ("TALKS_TODAY", 0, 3),
        ("UNANSWERED_TODAY", 0, 6),
    ]


@pytest.mark.parametrize(
    ("hour", "minute", "is_allowed"),
    [(7, 59, False), (8, 0, True), (21, 59, True), (22, 0, False), (0, 0, False)],
)
def test_the_hours_in_china_are_eight_to_ten_at_night(hour, minute, is_allowed):
    at = TEN.replace(hour=hour, minute=minute)
    assert isinstance(decide(WANG, at), Clearance) is is_allowed


def test_a_call_late_at_night_is_refused_until_eight_the_next_morning_with_both_rules():
    state = refused(WANG, TEN.replace(hour=23))

    assert state.verdict is Verdict.NOT_NOW
    assert state.until == datetime(2026, 11, 21, 8, 0, tzinfo=SHANGHAI)
    assert state.reasons[0].rule_ids == ("CN-TIME-001", "CN-TIME-002")


def test_after_three_conversations_wang_rests_until_tomorrow():
    assert isinstance(decide(replace(WANG, talks_today=2), TEN), Clearance)
    state = refused(replace(WANG, talks_today=3), TEN)
    assert state.until == datetime(2026, 11, 21, 8, 0, tzinfo=SHANGHAI)
    assert state.reasons[0].rule_ids == ("CN-FREQ-001",)


def test_six_unanswered_calls_warn_but_do_not_refuse():
    state = decide(replace(WANG, unanswered_today=6), TEN)
    assert isinstance(state, Clearance)
    assert [warning.code for warning in state.warnings] == ["UNANSWERED_TODAY"]


def test_every_reason_is_given_not_only_the_first():
    facts = replace(WANG, is_held=True, talks_today=3)
    assert codes(facts, TEN.replace(hour=23)) == {"OUTSIDE_HOURS", "ON_HOLD", "TALKS_TODAY"}


def test_a_hold_has_no_known_end():
    assert refused(replace(WANG, is_held=True), TEN).until is None


def test_a_co_borrower_is_a_debtor():
    assert isinstance(decide(replace(WANG, role=Role.CO_BORROWER), TEN), Clearance)


def test_a_guarantor_is_called_only_when_the_debtor_is_lost_and_the_guarantee_runs():
    zhao = replace(WANG, role=Role.GUARANTOR, matures_on=date(2027, 2, 13))

    assert codes(zhao, TEN) == {"DEBTOR_IS_REACHABLE"}
    assert isinstance(decide(replace(zhao, debtor_is_lost=True), TEN), Clearance)
    ended = replace(zhao, debtor_is_lost=True, matures_on=date(2026, 5, 1))
    assert refused(ended, TEN).verdict is Verdict.NEVER


def test_a_contact_person_is_called_only_to_find_a_lost_debtor_and_told_nothing():
    sun = replace(WANG, role=Role.CONTACT)

    assert codes(sun, TEN) == {"DEBTOR_IS_REACHABLE"}
    state = decide(replace(sun, debtor_is_lost=True), TEN)
    assert isinstance(state, Clearance)
    assert [warning.rule_ids for warning in state.warnings] == [("CN-PARTY-005",)]


def test_a_contact_person_who_refused_is_never_called_again():
    sun = replace(WANG, role=Role.CONTACT, debtor_is_lost=True, asked_to_stop=True)
    assert refused(sun, TEN).verdict is Verdict.NEVER


def test_smith_is_not_called_after_nine_at_night_where_he_is():
    assert isinstance(decide(SMITH, SMITH_AT_TEN.replace(hour=20, minute=59)), Clearance)
    assert codes(SMITH, SMITH_AT_TEN.replace(hour=21)) == {"OUTSIDE_HOURS"}


def test_an_unknown_place_waits_until_it_is_eight_on_the_west_coast_too():
    somewhere = replace(SMITH, local_zones=zones_of(Jurisdiction.US, ""))
    state = refused(somewhere, SMITH_AT_TEN)
    assert state.until == datetime(2026, 11, 20, 8, 0, tzinfo=LOS_ANGELES)


def test_smith_is_called_seven_times_in_seven_days_and_no_more():
    assert isinstance(decide(replace(SMITH, calls_this_week=6), SMITH_AT_TEN), Clearance)
    assert codes(replace(SMITH, calls_this_week=7), SMITH_AT_TEN) == {"CALLS_THIS_WEEK"}


def test_after_a_conversation_smith_rests_seven_days_of_which_its_day_is_the_first():
    talked_at = datetime(2026, 11, 13, 15, 0, tzinfo=NEW_YORK)
    facts = replace(SMITH, last_talk_at=talked_at)

    assert codes(facts, datetime(2026, 11, 19, 20, 0, tzinfo=NEW_YORK)) == {"SPOKE_RECENTLY"}
    assert isinstance(decide(facts, datetime(2026, 11, 20, 8, 0, tzinfo=NEW_YORK)), Clearance)


@pytest.mark.parametrize("jurisdiction", list(Jurisdiction))
@pytest.mark.parametrize("role", list(Role))
def test_every_rule_the_gate_names_is_known_with_its_source(jurisdiction, role):
    profile = profile_of(jurisdiction)
    named = {
        *profile.hours_rules, *profile.frequency_rules, *profile.obligor_rules,
        *profile.guarantor_rules, *profile.third_party_rules, *profile.disclosure_rules,
        *profile.stop_rules,
    }  # fmt: skip
    state = decide(replace(WANG, role=role, jurisdiction=jurisdiction, is_held=True), TEN)
    assert isinstance(state, Refusal)
    named |= {rule_id for reason in state.reasons for rule_id in reason.rule_ids}
    assert all(RULES[rule_id].citation for rule_id in named)
