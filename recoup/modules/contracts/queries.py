"""Questions about contracts: the terms, the people named in them, and the person's other loans."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from recoup.core.money import Money
from recoup.foundation import db
from recoup.modules.contracts.rules import ContractState, RepaymentMethod, Role
from recoup.modules.parties.queries import PERSON_JSON, Person, person_of_json
from recoup.modules.parties.rules import ContactKind, Holder


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract's terms; the rate is annual, in millionths."""

    id: int
    number: str
    lender_name: str
    product: str
    principal: Money
    annual_rate_micro: int
    term_months: int
    method: RepaymentMethod
    signed_on: date | None
    first_due_on: date
    matures_on: date | None
    region: str
    state: ContractState


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person and their part in the contract."""

    role: Role
    person: Person


@dataclass(frozen=True, slots=True)
class OtherLoan:
    """Another contract of the same borrower; `bucket` is that of its live case, if it has one."""

    id: int
    number: str
    principal: Money
    state: ContractState
    bucket: int | None


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A contract, everyone named in it (the borrower first), and the borrower's other loans."""

    contract: ContractRow
    people: tuple[NamedPerson, ...]
    other_loans: tuple[OtherLoan, ...]

    @property
    def borrower(self) -> Person:
        """Who took the loan."""
        return self.people[0].person


@dataclass(frozen=True, slots=True)
class NamedContactPoint:
    """A number or address of somebody named in a contract."""

    id: int
    party_id: int
    role: Role
    kind: ContactKind
    holder: Holder
    is_valid: bool


_FILE = f"""
SELECT c.id, c.number, l.name AS lender_name, c.product, c.currency, c.principal_minor,
       c.annual_rate_micro, c.term_months, c.method, c.signed_on, c.first_due_on, c.matures_on,
       c.region, c.state,
       (SELECT jsonb_agg(jsonb_build_object('role', named.role, 'person', {PERSON_JSON})
                   ORDER BY named.place, p.id)
          FROM (SELECT c.borrower_id AS party_id, 'BORROWER' AS role, 0 AS place
                 UNION ALL
                SELECT cp.party_id, cp.role,
                       array_position(ARRAY['CO_BORROWER', 'GUARANTOR', 'CONTACT'], cp.role::text)
                  FROM contracts_contractparty cp WHERE cp.contract_id = c.id) named
          JOIN parties_party p ON p.id = named.party_id) AS people,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'number', o.number, 'currency',
                   o.currency, 'principal_minor', o.principal_minor, 'state', o.state,
                   'bucket', live.bucket) ORDER BY live.bucket DESC NULLS LAST, o.id), '[]')
          FROM contracts_contract o
          LEFT JOIN cases_case live ON live.contract_id = o.id AND live.closed_on IS NULL
         WHERE o.borrower_id = c.borrower_id AND o.id <> c.id) AS other_loans
  FROM contracts_contract c
  JOIN parties_lender l ON l.id = c.lender_id
 WHERE c.id = %(contract_id)s
"""  # noqa: S608 - both parts are constants


def contract_file(*, contract_id: int) -> ContractFile | None:
    """The contract with its people and the borrower's other loans, in one question."""
    rows = db.ask(_FILE, {"contract_id": contract_id})
    if not rows:
        return None
    row = rows[0]
    return ContractFile(
        contract=_contract(row),
        people=tuple(
            NamedPerson(Role(named["role"]), person_of_json(named["person"]))
            for named in json.loads(row["people"])
        ),
        other_loans=tuple(
            OtherLoan(
                loan["id"],
                loan["number"],
                Money(loan["principal_minor"], loan["currency"]),
                ContractState(loan["state"]),
                loan["bucket"],
            )
            for loan in json.loads(row["other_loans"])
        ),
    )


def _contract(row: dict[str, Any]) -> ContractRow:
    return ContractRow(
        id=row["id"],
        number=row["number"],
        lender_name=row["lender_name"],
        product=row["product"],
        principal=Money(row["principal_minor"], row["currency"]),
        annual_rate_micro=row["annual_rate_micro"],
        term_months=row["term_months"],
        method=RepaymentMethod(row["method"]),
        signed_on=row["signed_on"],
        first_due_on=row["first_due_on"],
        matures_on=row["matures_on"],
        region=row["region"],
        state=ContractState(row["state"]),
    )


_POINT = """
SELECT p.id, p.party_id, p.kind, p.holder, p.is_valid,
       CASE WHEN c.borrower_id = p.party_id THEN 'BORROWER' ELSE cp.role END AS role
  FROM parties_contactpoint p
  JOIN contracts_contract c ON c.id = %(contract_id)s
  LEFT JOIN contracts_contractparty cp ON cp.contract_id = c.id AND cp.party_id = p.party_id
 WHERE p.id = %(contact_point_id)s
   AND (c.borrower_id = p.party_id OR cp.party_id IS NOT NULL)
 ORDER BY array_position(ARRAY['CO_BORROWER', 'GUARANTOR', 'CONTACT'], cp.role::text)
 LIMIT 1
"""


def named_contact_point(*, contract_id: int, contact_point_id: int) -> NamedContactPoint | None:
    """The contact point, if it belongs to somebody named in the contract; else None."""
    rows = db.ask(_POINT, {"contract_id": contract_id, "contact_point_id": contact_point_id})
    if not rows:
        return None
    row = rows[0]
    return NamedContactPoint(
        id=row["id"],
        party_id=row["party_id"],
        role=Role(row["role"]),
        kind=ContactKind(row["kind"]),
        holder=Holder(row["holder"]),
        is_valid=row["is_valid"],
    )


def borrowers(contract_ids: Collection[int]) -> list[int]:
    """Who borrowed under these contracts."""
    sql = "SELECT DISTINCT borrower_id FROM contracts_contract WHERE id = ANY(%(ids)s)"
    return [int(row["borrower_id"]) for row in db.ask(sql, {"ids": list(contract_ids)})]


def currency_of(*, contract_id: int) -> str:
    """The contract's currency; the default one for a contract that does not exist."""
    rows = db.ask(
        "SELECT currency FROM contracts_contract WHERE id = %(contract_id)s",
        {"contract_id": contract_id},
    )
    return str(rows[0]["currency"]) if rows else "CNY"
