"""Every code the business knows has words."""

import pytest

from recoup.core.arrears import Tier
from recoup.foundation.access.rights import Reach, Right
from recoup.interfaces.ui.labels import LABELS, label_of
from recoup.modules.cases.rules import CaseState, TimelineKind
from recoup.modules.comms.rules import CallResult, NextStep
from recoup.modules.contracts.rules import ContractState, RepaymentMethod, Role
from recoup.modules.intake.rules import BatchState
from recoup.modules.ledger.rules import Channel
from recoup.modules.parties.rules import ContactKind, Holder
from recoup.modules.plans.rules import PromiseState
from recoup.modules.strategy.rules import Reason, Segment, Treatment
from recoup.modules.workforce.rules import StaffRole

KINDS = {
    "promise": PromiseState,
    "case": CaseState,
    "contract": ContractState,
    "call": CallResult,
    "next_step": NextStep,
    "method": RepaymentMethod,
    "channel": Channel,
    "holder": Holder,
    "party_role": Role,
    "contact_kind": ContactKind,
    "role": StaffRole,
    "right": Right,
    "reach": Reach,
    "timeline": TimelineKind,
    "reason": Reason,
    "segment": Segment,
    "treatment": Treatment,
    "batch": BatchState,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_has_words(kind):
    assert set(LABELS[kind]) == {str(code.value) for code in KINDS[kind]}


def test_every_class_has_words():
    assert set(LABELS["tier"]) == {str(tier.value) for tier in Tier}


def test_an_unknown_code_is_seen_rather_than_lost():
    assert label_of("promise", "NEWER_THAN_US").text == "NEWER_THAN_US"


def test_tones_are_those_of_the_style_sheet():
    tones = {label.tone for codes in LABELS.values() for label in codes.values()}
    assert tones <= {"", "good", "warn", "bad", "info"}
