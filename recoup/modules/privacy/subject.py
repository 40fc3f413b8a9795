"""Everything kept about one person, for that person: nothing of anybody else's.

Of a contract, those who owe or vouch see the whole account; a contact person sees only that they
were named. Words noted about a call are those of calls with this person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recoup.foundation import db
from recoup.modules.parties.services import PersonInFull
from recoup.modules.vehicles import services as vehicles

Rows = list[dict[str, Any]]

# Contracts in which the person owes or vouches.
_OWED = """
SELECT contract_id FROM access_parts() WHERE party_id = %(party_id)s AND role <> 'CONTACT'
"""
SECTIONS: dict[str, str] = {
    "person": """
SELECT p.kind, p.id_type, p.language, p.region, p.occupation, p.income_minor,
       p.spending_minor, l.currency, p.credit_score, l.name AS lender
  FROM parties_party p JOIN parties_lender l ON l.id = p.lender_id WHERE p.id = %(party_id)s
""",
    "contact_points": """
SELECT id, kind, holder, is_valid FROM parties_contactpoint
 WHERE party_id = %(party_id)s ORDER BY id
""",
    "contracts": """
SELECT k.number, o.role, l.name AS lender, k.product, k.currency,
       CASE WHEN o.role <> 'CONTACT' THEN k.principal_minor END AS principal_minor,
       CASE WHEN o.role <> 'CONTACT' THEN k.annual_rate_micro END AS annual_rate_micro,
       k.term_months, k.signed_on, k.first_due_on, k.matures_on, k.state
  FROM access_parts() o
  JOIN contracts_contract k ON k.id = o.contract_id
  JOIN parties_lender l ON l.id = k.lender_id
 WHERE o.party_id = %(party_id)s ORDER BY k.id
""",
    "vehicles": """
SELECT v.contract_id, k.number, v.make, v.model, v.model_year, v.colour, v.value_minor, k.currency,
       v.valued_on
  FROM vehicles_vehicle v JOIN contracts_contract k ON k.id = v.contract_id
 WHERE k.borrower_id = %(party_id)s ORDER BY k.id
""",
    "dues": f"""
SELECT k.number, d.seq, d.due_on, d.principal_minor, d.interest_minor, d.cost_minor,
       d.principal_paid_minor + d.interest_paid_minor + d.cost_paid_minor + d.penalty_paid_minor
           AS paid_minor, k.currency, d.settled_on
  FROM ledger_due d JOIN contracts_contract k ON k.id = d.contract_id
 WHERE d.contract_id IN ({_OWED}) ORDER BY k.id, d.seq
""",  # noqa: S608 - a constant
    "payments": f"""
SELECT k.number, m.value_on, m.amount_minor, m.currency, m.channel, m.reference, r.reversed_on
  FROM ledger_payment m
  JOIN contracts_contract k ON k.id = m.contract_id
  LEFT JOIN ledger_reversal r ON r.payment_id = m.id
 WHERE m.contract_id IN ({_OWED}) ORDER BY m.value_on, m.id
""",  # noqa: S608
    "cases": f"""
SELECT k.number, c.opened_on, c.closed_on, c.state, c.treatment, coalesce(a.name, '') AS agency
  FROM cases_case c
  JOIN contracts_contract k ON k.id = c.contract_id
  LEFT JOIN workforce_agency a ON a.id = c.agency_id
 WHERE c.contract_id IN ({_OWED}) ORDER BY c.id
""",  # noqa: S608
    "calls": """
SELECT k.number, c.at, c.inbound, c.result, c.identity_checked, c.note
  FROM comms_call c JOIN contracts_contract k ON k.id = c.contract_id
 WHERE c.party_id = %(party_id)s ORDER BY c.at, c.id
""",
    "promises": f"""
SELECT k.number, m.taken_on, m.due_on, m.amount_minor, m.paid_minor, m.currency, m.state
  FROM plans_promise m JOIN contracts_contract k ON k.id = m.contract_id
 WHERE m.contract_id IN ({_OWED}) ORDER BY m.id
""",  # noqa: S608
    "events": f"""
SELECT k.number, t.at, t.kind
  FROM cases_timelineentry t JOIN contracts_contract k ON k.id = t.contract_id
 WHERE t.contract_id IN ({_OWED}) ORDER BY t.id
""",  # noqa: S608
    "decisions": f"""
SELECT k.number, d.as_of, d.segment, d.treatment, array_to_string(d.reasons, ', ') AS reasons,
       d.rule_position, v.code AS version
  FROM strategy_decision d
  JOIN cases_case c ON c.id = d.case_id
  JOIN contracts_contract k ON k.id = c.contract_id
  JOIN strategy_version v ON v.id = d.version_id
 WHERE c.contract_id IN ({_OWED}) ORDER BY d.as_of, d.case_id
""",  # noqa: S608
    "consents": """
SELECT w.code, w.version, w.sensitive_kind, w.text_zh, w.text_en, c.given_on, c.channel,
       c.withdrawn_on
  FROM privacy_consent c JOIN privacy_consentwording w ON w.id = c.wording_id
 WHERE c.party_id = %(party_id)s ORDER BY c.id
""",
    "requests": """
SELECT kind, received_on, due_on, state, answer, decided_at FROM privacy_datarequest
 WHERE party_id = %(party_id)s ORDER BY id
""",
    "restrictions": """
SELECT cause, placed_at, lifted_at FROM privacy_restriction
 WHERE scope = 'PERSON' AND subject_id = %(party_id)s ORDER BY id
""",
    "retention": """
SELECT DISTINCT ON (r.kind) r.kind, r.months, r.action, r.basis
  FROM privacy_retentionrule r
  JOIN parties_party p ON p.id = %(party_id)s
 WHERE r.lender_id IS NULL OR r.lender_id = p.lender_id
 ORDER BY r.kind, r.lender_id NULLS LAST
""",
}


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """Section by section, rows as they are kept; amounts in minor units with their currency."""

    request_id: int
    party_id: int
    lender_id: int
    sections: dict[str, Rows]


def gather(party_id: int, person: PersonInFull) -> dict[str, Rows]:
    """Every section about the person, with the originals put in."""
    found = {name: db.ask(sql, {"party_id": party_id}) for name, sql in SECTIONS.items()}
    for row in found["person"]:
        row |= {
            "name": person.name,
            "id_number": person.id_number,
            "born_on": person.born_on,
            "employer": person.employer,
        }
    for row in found["contact_points"]:
        row["value"] = person.contacts.get(row.pop("id"), "")
    cars = vehicles.reveal(contract_ids=[row["contract_id"] for row in found["vehicles"]])
    in_full = {car.contract_id: car for car in cars}
    for row in found["vehicles"]:
        car = in_full[row.pop("contract_id")]
        row |= {"plate": car.plate, "vin": car.vin}
    return found


def tables_read() -> Iterator[str]:
    """The statements, for whoever checks that no table with personal data is left out."""
    yield from SECTIONS.values()
