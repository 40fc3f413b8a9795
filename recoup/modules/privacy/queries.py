"""Questions of those who keep privacy: what is due, what is held, who asked, who agreed."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from recoup.foundation import db
from recoup.modules.compliance.grounds import Use
from recoup.modules.privacy import models
from recoup.modules.privacy.rules import (
    CAUSE_BASIS,
    OPEN_REQUESTS,
    DataKind,
    NotFound,
    RequestKind,
    RequestState,
    RestrictionCause,
    RetentionAction,
    RunState,
)

SQL = Path(__file__).parent / "sql"
SHOWN = 100


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A schedule; the lender's own if it has one."""

    kind: DataKind
    lender_name: str
    months: int
    action: RetentionAction
    basis: str


def backup_months() -> int:
    """How many months a backup is kept."""
    return models.RetentionRule.objects.get(kind=DataKind.BACKUP, lender_id=None).months


@dataclass(frozen=True, slots=True)
class RunRow:
    id: int
    as_of: date
    state: RunState
    planned_by: int
    planned_name: str
    planned_at: datetime
    approved_name: str
    finished_at: datetime | None
    planned: int
    done: int
    kept: int
    by_kind: dict[str, int]


@dataclass(frozen=True, slots=True)
class HoldRow:
    id: int
    scope: str
    subject_id: int
    lender_name: str
    reason: str
    reference: str
    until: date | None
    placed_name: str
    placed_at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    """What is kept and not used; `name` is a masked name or a contract's number."""

    id: int
    scope: str
    subject_id: int
    party_id: int | None
    name: str
    lender_name: str
    cause: RestrictionCause
    reason: str
    placed_name: str
    placed_at: datetime
    lifted_at: datetime | None

    @property
    def basis(self) -> str:
        """The articles behind the cause."""
        return CAUSE_BASIS[self.cause]

    @property
    def is_of_schedule(self) -> bool:
        """Whether no person placed it, so that none lifts it."""
        return self.cause is RestrictionCause.TERM


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request; `name_masked` is the person's masked name."""

    id: int
    lender_id: int
    party_id: int
    name_masked: str
    lender_name: str
    kind: RequestKind
    channel: str
    detail: str
    received_on: date
    due_on: date
    state: RequestState
    identity_check: str
    identified_name: str
    identified_at: datetime | None
    answer: str
    decided_at: datetime | None
    file_sha256: str

    @property
    def is_open(self) -> bool:
        """Whether the person still waits."""
        return self.state in OPEN_REQUESTS

    def is_late(self, today: date) -> bool:
        """Whether the day for the answer has passed."""
        return self.is_open and today > self.due_on


@dataclass(frozen=True, slots=True)
class ConsentRow:
    id: int
    party_id: int
    name_masked: str
    lender_name: str
    code: str
    version: int
    sensitive_kind: str
    given_on: date
    channel: str
    evidence: str
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class WordingRow:
    id: int
    code: str
    version: int
    sensitive_kind: str
    text_zh: str
    text_en: str
    in_force_on: date


@dataclass(frozen=True, slots=True)
class UseRow:
    """A use of personal data and its ground."""

    code: str
    ground: str
    citation: str
    wording_code: str
    reason: str
    changed_at: datetime | None
    changed_name: str


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    id: int
    reason: str
    title: str
    processing: str
    necessity: str
    risks: str
    measures: str
    risk: str
    made_by: int
    made_name: str
    made_at: datetime
    approved_name: str
    approved_at: datetime | None
    review_on: date
    keep_until: date


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody named in a contract, as those who keep privacy find them: masked."""

    party_id: int
    lender_id: int
    lender_name: str
    contract_id: int
    number: str
    role: str
    name_masked: str
    is_synthetic: bool


def rules() -> list[RuleRow]:
    """Every schedule, the general ones first."""
    rows = db.ask("""
SELECT r.kind, coalesce(l.name, '') AS lender_name, r.months, r.action, r.basis
  FROM privacy_retentionrule r LEFT JOIN parties_lender l ON l.id = r.lender_id
 ORDER BY r.lender_id NULLS FIRST, r.id
""")
    return [
        RuleRow(**row | {"kind": DataKind(row["kind"]), "action": RetentionAction(row["action"])})
        for row in rows
    ]


def runs(lender_ids: tuple[int, ...]) -> list[RunRow]:
    """The latest deletions that concern one's lenders only."""
    rows = db.ask(
        """
SELECT r.id, r.as_of, r.state, r.planned_by, coalesce(p.display_name, '') AS planned_name,
       r.planned_at, coalesce(a.display_name, '') AS approved_name, r.finished_at,
       coalesce(i.planned, 0) AS planned, coalesce(i.done, 0) AS done, coalesce(i.kept, 0) AS kept,
       coalesce(i.by_kind, '{}') AS by_kind
  FROM privacy_erasurerun r
  LEFT JOIN workforce_user p ON p.id = r.planned_by
  LEFT JOIN workforce_user a ON a.id = r.approved_by
  LEFT JOIN LATERAL (
        SELECT sum(n)::bigint AS planned, sum(done)::bigint AS done, sum(kept)::bigint AS kept,
               jsonb_object_agg(kind, n) AS by_kind
          FROM (SELECT kind, count(*) AS n, count(*) FILTER (WHERE state = 'DONE') AS done,
                       count(*) FILTER (WHERE state IN ('HELD', 'NOT_DUE')) AS kept
                  FROM privacy_erasureitem WHERE run_id = r.id GROUP BY kind) k) i ON true
 WHERE r.lender_ids <@ to_jsonb(%(lender_ids)s::bigint[])
 ORDER BY r.id DESC LIMIT 20
""",
        {"lender_ids": list(lender_ids)},
    )
    return [
        RunRow(**row | {"state": RunState(row["state"]), "by_kind": _json(row["by_kind"])})
        for row in rows
    ]


def _json(value: Any) -> dict[str, int]:
    return dict(value if isinstance(value, dict) else json.loads(value))


def holds(lender_ids: tuple[int, ...]) -> list[HoldRow]:
    """Holds of one's lenders, standing ones first."""
    rows = db.ask(
        """
SELECT h.id, h.scope, h.subject_id, l.name AS lender_name, h.reason, h.reference, h.until,
       coalesce(u.display_name, '') AS placed_name, h.placed_at, h.lifted_at
  FROM privacy_legalhold h
  JOIN parties_lender l ON l.id = h.lender_id
  LEFT JOIN workforce_user u ON u.id = h.placed_by
 WHERE h.lender_id = ANY(%(lender_ids)s)
 ORDER BY h.lifted_at NULLS FIRST, h.id DESC LIMIT %(limit)s
""",
        {"lender_ids": list(lender_ids), "limit": SHOWN},
    )
    return [HoldRow(**row) for row in rows]


_RESTRICTIONS = """
SELECT r.id, r.scope, r.subject_id, p.id AS party_id,
       coalesce(p.name_masked, k.number, '') AS name, l.name AS lender_name, r.cause, r.reason,
       coalesce(u.display_name, '') AS placed_name, r.placed_at, r.lifted_at
  FROM privacy_restriction r
  JOIN parties_lender l ON l.id = r.lender_id
  LEFT JOIN parties_party p ON r.scope = 'PERSON' AND p.id = r.subject_id
  LEFT JOIN contracts_contract k ON r.scope = 'CONTRACT' AND k.id = r.subject_id
  LEFT JOIN workforce_user u ON u.id = r.placed_by
 WHERE r.lender_id = ANY(%(lender_ids)s)
   AND (%(party_id)s::bigint IS NULL
        OR (r.scope = 'PERSON' AND r.subject_id = %(party_id)s::bigint))
 ORDER BY r.lifted_at NULLS FIRST, r.cause = 'TERM', r.id DESC
 LIMIT %(limit)s
"""


def restrictions(
    lender_ids: tuple[int, ...], *, party_id: int | None = None
) -> list[RestrictionRow]:
    """Restrictions of one's lenders: standing ones first, those that people placed before all."""
    asked = {"lender_ids": list(lender_ids), "party_id": party_id, "limit": SHOWN}
    return [
        RestrictionRow(**row | {"cause": RestrictionCause(row["cause"])})
        for row in db.ask(_RESTRICTIONS, asked)
    ]


def restricted_by_schedule(lender_ids: tuple[int, ...]) -> int:
    """How many people and contracts the schedules keep from use."""
    return models.Restriction.objects.filter(
        lender_id__in=lender_ids, cause=RestrictionCause.TERM, lifted_at=None
    ).count()


_REQUESTS = """
SELECT r.id, r.lender_id, r.party_id, p.name_masked, l.name AS lender_name, r.kind, r.channel,
       r.detail, r.received_on, r.due_on, r.state, r.identity_check,
       coalesce(u.display_name, '') AS identified_name, r.identified_at, r.answer, r.decided_at,
       r.file_sha256
  FROM privacy_datarequest r
  JOIN parties_party p ON p.id = r.party_id
  JOIN parties_lender l ON l.id = r.lender_id
  LEFT JOIN workforce_user u ON u.id = r.identified_by
 WHERE r.lender_id = ANY(%(lender_ids)s)
   AND (%(party_id)s::bigint IS NULL OR r.party_id = %(party_id)s::bigint)
   AND (%(id)s::bigint IS NULL OR r.id = %(id)s::bigint)
 ORDER BY r.state IN ('ANSWERED', 'REFUSED'), r.due_on, r.id
 LIMIT %(limit)s
"""


def requests(
    lender_ids: tuple[int, ...], *, party_id: int | None = None, request_id: int | None = None
) -> list[RequestRow]:
    """Requests of one's lenders: those that wait, the most urgent first, then the rest."""
    asked = {"lender_ids": list(lender_ids), "party_id": party_id, "id": request_id}
    rows = db.ask(_REQUESTS, asked | {"limit": SHOWN})
    return [
        RequestRow(**row | {"kind": RequestKind(row["kind"]), "state": RequestState(row["state"])})
        for row in rows
    ]


_CONSENTS = """
SELECT c.id, c.party_id, p.name_masked, l.name AS lender_name, w.code, w.version,
       w.sensitive_kind, c.given_on, c.channel, c.evidence, c.withdrawn_on
  FROM privacy_consent c
  JOIN privacy_consentwording w ON w.id = c.wording_id
  JOIN parties_party p ON p.id = c.party_id
  JOIN parties_lender l ON l.id = c.lender_id
 WHERE c.lender_id = ANY(%(lender_ids)s)
   AND (%(party_id)s::bigint IS NULL OR c.party_id = %(party_id)s::bigint)
 ORDER BY c.withdrawn_on NULLS FIRST, c.id DESC
 LIMIT %(limit)s
"""


def consents(lender_ids: tuple[int, ...], *, party_id: int | None = None) -> list[ConsentRow]:
    """Consents of one's lenders, standing ones first."""
    asked = {"lender_ids": list(lender_ids), "party_id": party_id, "limit": SHOWN}
    return [ConsentRow(**row) for row in db.ask(_CONSENTS, asked)]


def has_consent(*, party_id: int, code: str, on: date) -> bool:
    """Whether the person agrees, on a day, to the use this wording names (any version)."""
    given = models.Consent.objects.filter(
        party_id=party_id, wording__code=code, given_on__lte=on, withdrawn_on=None
    )
    later = models.Consent.objects.filter(
        party_id=party_id, wording__code=code, given_on__lte=on, withdrawn_on__gt=on
    )
    return given.exists() or later.exists()


def wordings() -> list[WordingRow]:
    """Every wording, the latest version of each first."""
    found = models.ConsentWording.objects.order_by("code", "-version")
    return [
        WordingRow(w.pk, w.code, w.version, w.sensitive_kind, w.text_zh, w.text_en, w.in_force_on)
        for w in found
    ]


def uses() -> list[UseRow]:
    """What personal data are used for, on what ground, who said so last."""
    rows = db.ask("""
SELECT u.code, u.ground, u.citation, u.wording_code, u.reason, u.changed_at,
       coalesce(p.display_name, '') AS changed_name
  FROM privacy_use u LEFT JOIN workforce_user p ON p.id = u.changed_by
""")
    by_code = {row["code"]: UseRow(**row) for row in rows}
    return [by_code[use] for use in Use if use in by_code]


def assessments() -> list[AssessmentRow]:
    """Every impact assessment, the latest first."""
    rows = db.ask("""
SELECT a.id, a.reason, a.title, a.processing, a.necessity, a.risks, a.measures, a.risk, a.made_by,
       coalesce(m.display_name, '') AS made_name, a.made_at,
       coalesce(s.display_name, '') AS approved_name, a.approved_at, a.review_on, a.keep_until
  FROM privacy_assessment a
  LEFT JOIN workforce_user m ON m.id = a.made_by
  LEFT JOIN workforce_user s ON s.id = a.approved_by
 ORDER BY a.id DESC
""")
    return [AssessmentRow(**row) for row in rows]


_PEOPLE = """
SELECT o.party_id, p.lender_id, l.name AS lender_name, k.id AS contract_id, k.number, o.role,
       p.name_masked, p.is_synthetic
  FROM access_parts() o
  JOIN contracts_contract k ON k.id = o.contract_id
  JOIN parties_party p ON p.id = o.party_id
  JOIN parties_lender l ON l.id = p.lender_id
 WHERE p.lender_id = ANY(%(lender_ids)s)
   AND (%(number)s::text IS NULL OR k.number = %(number)s::text)
   AND (%(party_id)s::bigint IS NULL OR o.party_id = %(party_id)s::bigint)
 ORDER BY k.id, array_position(ARRAY['BORROWER', 'CO_BORROWER', 'GUARANTOR', 'CONTACT'], o.role),
          o.party_id
 LIMIT %(limit)s
"""


def people_of(number: str, lender_ids: tuple[int, ...]) -> list[PersonRow]:
    """Everybody named in the contract of this number, of one's lenders."""
    asked = {"number": number, "party_id": None, "lender_ids": list(lender_ids), "limit": SHOWN}
    return [PersonRow(**row) for row in db.ask(_PEOPLE, asked)]


def parts_of(party_id: int, lender_ids: tuple[int, ...]) -> list[PersonRow]:
    """Every contract the person is named in; nobody of another lender is found."""
    asked = {"number": None, "party_id": party_id, "lender_ids": list(lender_ids), "limit": SHOWN}
    return [PersonRow(**row) for row in db.ask(_PEOPLE, asked)]


def contract_of(number: str, lender_id: int) -> int:
    """The contract of this number, of one lender. Raises NotFound."""
    rows = db.ask(
        "SELECT id FROM contracts_contract WHERE number = %(number)s AND lender_id = %(lender)s",
        {"number": number, "lender": lender_id},
    )
    if not rows:
        raise NotFound
    return int(rows[0]["id"])


def is_contract_of(contract_id: int, lender_id: int) -> bool:
    """Whether this contract is the lender's."""
    sql = "SELECT 1 AS there FROM contracts_contract WHERE id = %(id)s AND lender_id = %(lender)s"
    return bool(db.ask(sql, {"id": contract_id, "lender": lender_id}))


def lenders_of(lender_ids: tuple[int, ...]) -> list[tuple[int, str]]:
    """These lenders, by name."""
    sql = "SELECT id, name FROM parties_lender WHERE id = ANY(%(ids)s) ORDER BY name"
    return [(row["id"], row["name"]) for row in db.ask(sql, {"ids": list(lender_ids)})]
