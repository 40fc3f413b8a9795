"""What the gate says of the people of a contract, asked for one or for a whole worklist at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from recoup.foundation import db
from recoup.modules.compliance import places, rules
from recoup.modules.compliance.hours import start_of_day
from recoup.modules.compliance.profiles import jurisdiction_of
from recoup.modules.contracts.rules import Role

ContactState = rules.Clearance | rules.Refusal
_FACTS = (Path(__file__).parent / "sql" / "contact_facts.sql").read_text()
_CONTRACTS_OF = "SELECT id FROM contracts_contract WHERE borrower_id = ANY(%(parties)s)"


def contact_facts(contract_ids: Sequence[int], *, at: datetime) -> list[rules.ContactFacts]:
    """What the gate must know of everyone named in the contracts; borrowers first."""
    day_begins = start_of_day(places.SHANGHAI, at)
    rows = db.ask(_FACTS, {"contracts": list(contract_ids), "at": at, "day_begins": day_begins})
    return [_facts(row) for row in rows]


def people_states(contract_id: int, *, at: datetime) -> tuple[ContactState, ...]:
    """What the gate says of everyone named in a contract; the borrower first."""
    return tuple(rules.decide(facts, at) for facts in contact_facts([contract_id], at=at))


def contact_states(party_ids: Sequence[int], at: datetime) -> dict[int, ContactState]:
    """What the gate says of each borrower; with several contracts, the most open state."""
    contracts = [row["id"] for row in db.ask(_CONTRACTS_OF, {"parties": list(party_ids)})]
    states = dict[int, ContactState]()
    for facts in contact_facts(contracts, at=at):
        if facts.role is Role.BORROWER:
            state = rules.decide(facts, at)
            if isinstance(states.get(facts.party_id), rules.Clearance):
                continue
            states[facts.party_id] = state
    return states


def states_of_contracts(contract_ids: Sequence[int], at: datetime) -> dict[int, ContactState]:
    """What the gate says of the borrower of each contract, in one question."""
    return {
        facts.contract_id: rules.decide(facts, at)
        for facts in contact_facts(contract_ids, at=at)
        if facts.role is Role.BORROWER
    }


def gate(
    *, contract_id: int, party_id: int, held_by_other: bool, at: datetime
) -> ContactState | None:
    """May this person be called now? None if the contract does not name the person.

    `held_by_other`: the number is not the person's own, so whoever answers is a contact person.
    """
    for facts in contact_facts([contract_id], at=at):
        if facts.party_id == party_id:
            asked = replace(facts, role=Role.CONTACT) if held_by_other else facts
            return rules.decide(asked, at)
    return None


def _facts(row: dict[str, Any]) -> rules.ContactFacts:
    jurisdiction = jurisdiction_of(row["currency"])
    return rules.ContactFacts(
        contract_id=row["contract_id"],
        party_id=row["party_id"],
        role=Role(row["role"]),
        jurisdiction=jurisdiction,
        local_zones=places.zones_of(jurisdiction, row["region"]),
        is_held=row["is_held"],
        talks_today=row["talks_today"],
        unanswered_today=row["unanswered_today"],
        calls_this_week=row["calls_this_week"],
        last_talk_at=row["last_talk_at"],
        debtor_is_lost=row["debtor_is_lost"],
        asked_to_stop=row["asked_to_stop"] and row["role"] == Role.CONTACT,
        matures_on=row["matures_on"],
    )
