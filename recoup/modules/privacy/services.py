"""Everything that those who keep privacy do: each act on record with who, when and why."""

from collections.abc import Callable
from datetime import date, datetime

from recoup.foundation import audit, db
from recoup.foundation.access.context import Access, require
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.modules.compliance.grounds import Ground, Use
from recoup.modules.parties import services as parties
from recoup.modules.parties.rules import Purpose
from recoup.modules.parties.services import Asked
from recoup.modules.privacy import models, queries, rules, subject
from recoup.modules.privacy.rules import (
    AssessmentReason,
    Channel,
    DataKind,
    HoldScope,
    IdentityCheck,
    RequestEvent,
    RequestKind,
    RequestState,
    RestrictionCause,
    RestrictionScope,
    Risk,
    RunEvent,
    RunState,
    Term,
)
from recoup.modules.privacy.subject import SubjectFile

Enqueue = Callable[[int], object]
WITH_FILE = {RequestKind.ACCESS, RequestKind.EXPLANATION}


@db.use_case()
def set_months(
    *, kind: DataKind, lender_id: int, months: int, basis: str, actor_id: int, at: datetime
) -> None:
    """Give a lender a schedule of its own; that of the backups is everybody's.

    Raises TooShort, TooLong, TextMissing, NotFound, NotAllowed.
    """
    _serving(lender_id)
    rules.check_months(kind, months)
    general = models.RetentionRule.objects.get(kind=kind, lender_id=None)
    models.RetentionRule.objects.update_or_create(
        kind=kind,
        lender_id=None if kind is DataKind.BACKUP else lender_id,
        defaults={
            "months": months,
            "action": general.action,
            "basis": rules.sound_text(basis)[:200],
            "changed_by": actor_id,
            "changed_at": at,
        },
    )


@db.use_case()
def place_hold(
    *,
    scope: HoldScope,
    subject_id: int,
    lender_id: int,
    reason: str,
    reference: str,
    until: date | None,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> int:
    """Keep somebody or something from being forgotten.

    Raises NotAllowed, NotFound, TextMissing, DayWrong.
    """
    _serving(lender_id)
    if until is not None and until < as_of:
        raise rules.DayWrong
    if scope is HoldScope.PERSON:
        _party(subject_id, lender_id)
    hold = models.LegalHold.objects.create(
        lender_id=lender_id,
        scope=scope,
        subject_id=subject_id,
        reason=rules.sound_text(reason),
        reference=reference.strip()[:100],
        until=until,
        placed_by=actor_id,
        placed_at=at,
    )
    audit.record(
        Act.HOLD_SET, "hold", hold.pk, lender_id=lender_id,
        facts={"scope": scope.value, "subject": subject_id},
    )  # fmt: skip
    return int(hold.pk)


@db.use_case()
def lift_hold(*, hold_id: int, reason: str, actor_id: int, at: datetime) -> None:
    """Let it be forgotten again. Raises NotAllowed, NotFound, MoveRefused, TextMissing."""
    hold = models.LegalHold.objects.select_for_update().filter(pk=hold_id).first()
    if hold is None:
        raise rules.NotFound
    _serving(hold.lender_id)
    if hold.lifted_at is not None:
        raise rules.MoveRefused
    hold.lifted_by, hold.lifted_at = actor_id, at
    hold.lifted_reason = rules.sound_text(reason)
    hold.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    audit.record(Act.HOLD_LIFTED, "hold", hold.pk, lender_id=hold.lender_id)


@db.use_case()
def restrict(
    *,
    scope: RestrictionScope,
    subject_id: int,
    lender_id: int,
    cause: RestrictionCause,
    reason: str,
    actor_id: int,
    at: datetime,
) -> int:
    """Keep somebody's data, or a contract's, and let nobody use them any more.

    Raises NotAllowed, NotFound, TextMissing, SetByTheSchedule, AlreadyRestricted.
    """
    _serving(lender_id)
    if cause is RestrictionCause.TERM:
        raise rules.SetByTheSchedule
    if scope is RestrictionScope.PERSON:
        _party(subject_id, lender_id)
    elif not queries.is_contract_of(subject_id, lender_id):
        raise rules.NotFound
    standing = models.Restriction.objects.filter(
        scope=scope, subject_id=subject_id, cause=cause, lifted_at=None
    )
    if standing.exists():
        raise rules.AlreadyRestricted
    row = models.Restriction.objects.create(
        lender_id=lender_id,
        scope=scope,
        subject_id=subject_id,
        cause=cause,
        reason=rules.sound_text(reason),
        placed_by=actor_id,
        placed_at=at,
    )
    audit.record(
        Act.RESTRICTED, "restriction", row.pk, lender_id=lender_id,
        facts={"scope": scope.value, "subject": subject_id, "cause": cause.value},
    )  # fmt: skip
    return int(row.pk)


@db.use_case()
def lift_restriction(*, restriction_id: int, reason: str, actor_id: int, at: datetime) -> None:
    """Let it be used again, unless another one stands.

    Raises NotAllowed, NotFound, MoveRefused, SetByTheSchedule, TextMissing.
    """
    row = models.Restriction.objects.select_for_update().filter(pk=restriction_id).first()
    if row is None:
        require(Right.KEEP_PRIVACY)
        raise rules.NotFound
    _serving(row.lender_id)
    if row.cause == RestrictionCause.TERM:
        raise rules.SetByTheSchedule
    if row.lifted_at is not None:
        raise rules.MoveRefused
    row.lifted_by, row.lifted_at = actor_id, at
    row.lifted_reason = rules.sound_text(reason)
    row.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    audit.record(Act.RESTRICTION_LIFTED, "restriction", row.pk, lender_id=row.lender_id)


@db.use_case()
def plan_erasure(*, actor_id: int, at: datetime, as_of: date, enqueue: Enqueue) -> int:
    """Ask for a dry run: a worker lists what is to be forgotten. Nothing is changed.

    Raises NotAllowed.
    """
    access = require(Right.KEEP_PRIVACY)
    run = models.ErasureRun.objects.create(
        as_of=as_of,
        state=RunState.LISTING,
        planned_by=actor_id,
        planned_at=at,
        lender_ids=sorted(access.lender_ids),
    )
    enqueue(run.pk)
    return int(run.pk)


@db.use_case()
def approve_erasure(*, run_id: int, actor_id: int, at: datetime, enqueue: Enqueue) -> None:
    """A second person lets the planned deletion go. It cannot be undone.

    Raises NotAllowed, NotFound, SamePerson, MoveRefused.
    """
    run = _locked_run(run_id)
    rules.check_second(run.planned_by, actor_id)
    run.state = rules.next_run_state(RunState(run.state), RunEvent.APPROVE)
    run.approved_by, run.approved_at = actor_id, at
    run.save(update_fields=["state", "approved_by", "approved_at"])
    enqueue(run.pk)


@db.use_case()
def drop_erasure(*, run_id: int) -> None:
    """Forget the plan instead. Raises NotAllowed, NotFound, MoveRefused."""
    run = _locked_run(run_id)
    run.state = rules.next_run_state(RunState(run.state), RunEvent.DROP)
    run.save(update_fields=["state"])


def _locked_run(run_id: int) -> models.ErasureRun:
    access = require(Right.KEEP_PRIVACY)
    run = models.ErasureRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or not set(run.lender_ids) <= set(access.lender_ids):
        raise rules.NotFound
    return run


@db.use_case()
def receive_request(
    *,
    party_id: int,
    lender_id: int,
    kind: RequestKind,
    channel: Channel,
    detail: str,
    received_on: date,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> int:
    """Write down what a person asks; the days for the answer begin. Raises NotFound, DayWrong."""
    _serving(lender_id)
    _party(party_id, lender_id)
    if received_on > as_of:
        raise rules.DayWrong
    days = models.RequestTerm.objects.get(kind=kind).days
    row = models.DataRequest.objects.create(
        lender_id=lender_id,
        party_id=party_id,
        kind=kind,
        channel=channel,
        detail=detail.strip()[: rules.LONGEST_TEXT],
        received_on=received_on,
        due_on=rules.due_on(received_on, Term(days)),
        state=RequestState.RECEIVED,
        recorded_by=actor_id,
        recorded_at=at,
    )
    audit.record(
        Act.REQUEST_RECEIVED, "data_request", row.pk, lender_id=lender_id,
        facts={"kind": kind.value, "party": party_id},
    )  # fmt: skip
    return int(row.pk)


@db.use_case()
def identify(*, request_id: int, check: IdentityCheck, actor_id: int, at: datetime) -> None:
    """Write down how it was made sure that it is the person. Raises NotFound, MoveRefused."""
    row = _locked_request(request_id)
    row.state = rules.next_request_state(RequestState(row.state), RequestEvent.IDENTIFY)
    row.identity_check, row.identified_by, row.identified_at = check.value, actor_id, at
    row.save(update_fields=["state", "identity_check", "identified_by", "identified_at"])


@db.use_case()
def answer_request(
    *, request_id: int, granted: bool, answer: str, actor_id: int, at: datetime
) -> None:
    """Answer the person, or refuse with the reason the law asks for (个人信息保护法 art. 50).

    Raises NotFound, IdentityUnproved, MoveRefused, TextMissing.
    """
    row = _locked_request(request_id)
    event = RequestEvent.ANSWER if granted else RequestEvent.REFUSE
    row.state = rules.next_request_state(RequestState(row.state), event)
    row.answer, row.decided_by, row.decided_at = rules.sound_text(answer), actor_id, at
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    audit.record(
        Act.REQUEST_DECIDED, "data_request", row.pk, lender_id=row.lender_id,
        facts={"state": row.state},
    )  # fmt: skip


def _locked_request(request_id: int) -> models.DataRequest:
    row = models.DataRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        require(Right.KEEP_PRIVACY)
        raise rules.NotFound
    _serving(row.lender_id)
    return row


@db.use_case()
def add_wording(
    *, code: str, sensitive_kind: rules.SensitiveKind, text_zh: str, text_en: str, in_force_on: date
) -> int:
    """A new version of the words people agree to. Raises NotAllowed, TextMissing."""
    require(Right.KEEP_PRIVACY)
    name = rules.sound_code(code)
    last = models.ConsentWording.objects.filter(code=name).order_by("-version").first()
    row = models.ConsentWording.objects.create(
        code=name,
        version=last.version + 1 if last else 1,
        sensitive_kind=sensitive_kind,
        text_zh=rules.sound_text(text_zh),
        text_en=rules.sound_text(text_en),
        in_force_on=in_force_on,
    )
    return int(row.pk)


@db.use_case()
def set_ground(
    *,
    use: Use,
    ground: Ground,
    citation: str,
    wording_code: str,
    reason: str,
    actor_id: int,
    at: datetime,
) -> None:
    """Record on what ground a use stands, and why: what counsel cleared, or that it needs consent.

    Raises NotAllowed, TextMissing.
    """
    require(Right.KEEP_PRIVACY)
    wording = rules.sound_code(wording_code) if ground is Ground.CONSENT else ""
    models.Use.objects.filter(pk=use).update(
        ground=ground,
        citation=rules.sound_text(citation)[:200],
        wording_code=wording,
        reason=rules.sound_text(reason),
        changed_by=actor_id,
        changed_at=at,
    )


@db.use_case()
def record_consent(
    *,
    party_id: int,
    lender_id: int,
    wording_id: int,
    given_on: date,
    channel: Channel,
    evidence: str,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> int:
    """A person agreed to one use of one kind of sensitive data. Raises NotFound, DayWrong."""
    _serving(lender_id)
    _party(party_id, lender_id)
    wording = models.ConsentWording.objects.filter(pk=wording_id).first()
    if wording is None:
        raise rules.NotFound
    if not wording.in_force_on <= given_on <= as_of:
        raise rules.DayWrong
    if models.Consent.objects.filter(
        party_id=party_id, wording=wording, withdrawn_on=None
    ).exists():
        raise rules.MoveRefused
    row = models.Consent.objects.create(
        lender_id=lender_id,
        party_id=party_id,
        wording=wording,
        given_on=given_on,
        channel=channel,
        evidence=rules.sound_text(evidence)[:200],
        recorded_by=actor_id,
        recorded_at=at,
    )
    audit.record(Act.CONSENT_GIVEN, "consent", row.pk, lender_id=lender_id)
    return int(row.pk)


@db.use_case()
def withdraw_consent(
    *, consent_id: int, withdrawn_on: date, channel: Channel, actor_id: int, at: datetime,
    as_of: date,
) -> None:  # fmt: skip
    """A person takes a consent back. Raises NotFound, AlreadyWithdrawn, DayWrong."""
    row = models.Consent.objects.select_for_update().filter(pk=consent_id).first()
    if row is None:
        raise rules.NotFound
    _serving(row.lender_id)
    if row.withdrawn_on is not None:
        raise rules.AlreadyWithdrawn
    if not row.given_on <= withdrawn_on <= as_of:
        raise rules.DayWrong
    row.withdrawn_on, row.withdrawn_channel = withdrawn_on, channel
    row.withdrawn_by, row.withdrawn_at = actor_id, at
    row.save(update_fields=["withdrawn_on", "withdrawn_channel", "withdrawn_by", "withdrawn_at"])
    audit.record(Act.CONSENT_WITHDRAWN, "consent", row.pk, lender_id=row.lender_id)


@db.use_case()
def make_assessment(
    *,
    reason: AssessmentReason,
    title: str,
    processing: str,
    necessity: str,
    risks: str,
    measures: str,
    risk: Risk,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> int:
    """Write an impact assessment; a second person approves it. Raises NotAllowed, TextMissing."""
    require(Right.KEEP_PRIVACY)
    row = models.Assessment.objects.create(
        reason=reason,
        title=rules.sound_text(title)[:200],
        processing=rules.sound_text(processing),
        necessity=rules.sound_text(necessity),
        risks=rules.sound_text(risks),
        measures=rules.sound_text(measures),
        risk=risk,
        made_by=actor_id,
        made_at=at,
        review_on=rules.years_later(as_of, 1),
        keep_until=rules.years_later(as_of, rules.ASSESSMENT_KEPT_YEARS),
    )
    return int(row.pk)


@db.use_case()
def approve_assessment(*, assessment_id: int, actor_id: int, at: datetime) -> None:
    """A second person approves. Raises NotAllowed, NotFound, SamePerson, MoveRefused."""
    require(Right.KEEP_PRIVACY)
    row = models.Assessment.objects.select_for_update().filter(pk=assessment_id).first()
    if row is None:
        raise rules.NotFound
    rules.check_second(row.made_by, actor_id)
    if row.approved_by is not None:
        raise rules.MoveRefused
    row.approved_by, row.approved_at = actor_id, at
    row.save(update_fields=["approved_by", "approved_at"])


def _serving(lender_id: int) -> Access:
    """The access that holds, if it keeps privacy for this lender. Raises NotAllowed, NotFound."""
    access = require(Right.KEEP_PRIVACY)
    if not access.system and lender_id not in access.lender_ids:
        raise rules.NotFound
    return access


def _party(party_id: int, lender_id: int) -> None:
    if not queries.parts_of(party_id, (lender_id,)):
        raise rules.NotFound


@db.use_case()
def subject_file(*, request_id: int, actor_id: int, at: datetime) -> SubjectFile:
    """Everything about the person who asked, once their identity is checked; it is on record.

    Raises NotAllowed, NotFound, WrongKind, IdentityUnproved, and what showing originals raises.
    """
    row = _locked_request(request_id)
    if row.kind not in WITH_FILE:
        raise rules.WrongKind
    if not row.identity_check:
        raise rules.IdentityUnproved
    asked = Asked(Purpose.LEGAL, f"data request {row.pk}", actor_id, at)
    person = parties.reveal(party_id=row.party_id, asked=asked)
    return SubjectFile(row.pk, row.party_id, row.lender_id, subject.gather(row.party_id, person))


@db.use_case()
def note_subject_file(*, request_id: int, sha256: str) -> None:
    """Write down the fingerprint of the file that was handed out. Raises NotFound."""
    row = _locked_request(request_id)
    if not row.file_sha256:
        row.file_sha256 = sha256
        row.save(update_fields=["file_sha256"])
    audit.record(
        Act.SUBJECT_FILE_MADE, "data_request", row.pk, lender_id=row.lender_id,
        facts={"party": row.party_id, "sha256": sha256},
    )  # fmt: skip
