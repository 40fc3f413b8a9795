"""Everything that happens to an export: asked for, decided, made, fetched, gone."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from recoup.core.refusals import Refused
from recoup.foundation import audit, db
from recoup.foundation.access.context import Access, NotAllowed, require
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.audit import Act
from recoup.foundation.filestore import services as filestore
from recoup.foundation.filestore.rules import FORMS, Kind
from recoup.foundation.filestore.rules import Purpose as FilePurpose
from recoup.modules.compliance import grounds
from recoup.modules.compliance.grounds import Ground, Grounded, Use
from recoup.modules.exports import lists, models, queries, rules, writing
from recoup.modules.exports.lists import Scope
from recoup.modules.exports.rules import ExportEvent, ExportState, FileFormat, Purpose, Wanted
from recoup.modules.exports.writing import Say, Sheet

Enqueue = Callable[[int], object]
# What the rows are used for, and so on what ground.
USE_OF: dict[Purpose, Use] = {
    Purpose.LENDER_REPORT: Use.REPORT_TO_LENDER,
    Purpose.RECONCILIATION: Use.COLLECTION,
    Purpose.REGULATOR: Use.AUTHORITY,
    Purpose.AUDIT: Use.AUTHORITY,
    Purpose.LEGAL: Use.LEGAL_CLAIM,
    Purpose.OPERATION: Use.COLLECTION,
}
_MADE = ("file_id", "size_bytes", "sha256", "rows", "sketch", "ready_at", "expires_at")
_FILTERS = ("bucket", "team_id", "promise_state", "since", "until")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as it will stand on the file."""

    id: int
    name: str
    employee_number: str


@db.use_case()
def ask(
    *,
    wanted: Wanted,
    purpose: Purpose,
    reason: str,
    asker: Asker,
    language: str,
    at: datetime,
    as_of: date,
    enqueue: Enqueue,
) -> int:
    """Ask for a list; it is made at once if the role's limit allows, else a second person decides.

    `enqueue` puts the making before a worker, within this transaction.
    Raises NotAllowed, SecondFactorNeeded, LenderNotServed, ReasonTooShort, DaysWrong, NoRows,
    TooManyRows, TooManyForWorkbook, ConsentMissing.
    """
    access = require(Right.EXPORT)
    if wanted.is_unmasked:
        require(Right.REVEAL)
    if wanted.lender_id not in access.lender_ids:
        raise rules.LenderNotServed
    said = rules.sound_reason(reason)
    rules.check_wanted(wanted)
    scope = Scope(access.reach, asker.id, access.team_id, access.agency_id)
    rows = lists.count(wanted=wanted, scope=scope, as_of=as_of)
    grounded = _grounded(purpose, wanted, scope, as_of)
    row = models.Export.objects.create(
        lender_id=wanted.lender_id,
        list_code=wanted.list_code,
        file_format=wanted.file_format,
        is_unmasked=wanted.is_unmasked,
        wanted=_as_json(wanted),
        language=language,
        business_on=as_of,
        purpose=purpose,
        reason=said,
        state=_first_state(rows, wanted, asker.id, at, as_of),
        asked_by=asker.id,
        asked_name=asker.name,
        asked_number=asker.employee_number,
        asked_at=at,
        reach=scope.reach,
        team_id=scope.team_id,
        agency_id=scope.agency_id,
        rows_asked=rows,
        secret=secrets.token_bytes(32),
    )
    if row.state == ExportState.QUEUED:
        enqueue(row.pk)
    facts = {"list": row.list_code, "rows": rows, "unmasked": row.is_unmasked}
    facts |= {"purpose": row.purpose, "state": row.state, "ground": grounded.said}
    _record(Act.EXPORT_ASKED, row, facts)
    return int(row.pk)


def _grounded(purpose: Purpose, wanted: Wanted, scope: Scope, as_of: date) -> Grounded:
    """On what ground the rows may leave. Raises ConsentMissing where it is consents not given."""
    grounded = grounds.ground_of(USE_OF[purpose])
    if grounded.ground is Ground.CONSENT:
        people = lists.people(wanted=wanted, scope=scope, as_of=as_of)
        grounds.check_consents(grounded, people, on=as_of)
    return grounded


def _first_state(rows: int, wanted: Wanted, user_id: int, at: datetime, as_of: date) -> str:
    roles = queries.roles_of(user_id, as_of)
    limit = queries.limit_of(roles, is_unmasked=wanted.is_unmasked)
    lately = queries.taken_since(user_id, at - rules.COUNTED_FOR)
    return rules.first_state(rows, lately, limit, wanted.file_format)


def _as_json(wanted: Wanted) -> dict[str, object]:
    said = asdict(wanted)
    return {
        name: said[name].isoformat() if isinstance(said[name], date) else said[name]
        for name in _FILTERS
    }


@db.use_case()
def decide(
    *,
    export_id: int,
    approve: bool,
    reason: str,
    actor_id: int,
    at: datetime,
    enqueue: Enqueue,
) -> None:
    """A second person lets the export be made, or refuses it, and says why.

    Raises NotAllowed, SecondFactorNeeded, Gone, LenderNotServed, OwnRequest, MoveRefused,
    ReasonTooShort.
    """
    access = require(Right.APPROVE_EXPORTS)
    row = _locked(export_id)
    if row.lender_id not in access.lender_ids:
        raise rules.LenderNotServed
    rules.check_decider(row.asked_by, actor_id)
    event = ExportEvent.APPROVE if approve else ExportEvent.REFUSE
    row.state = rules.next_state(ExportState(row.state), event)
    row.decided_by, row.decided_at = actor_id, at
    row.decision_reason = rules.sound_reason(reason)
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    if approve:
        enqueue(row.pk)
    _record(Act.EXPORT_APPROVED if approve else Act.EXPORT_REFUSED, row, {})


@db.use_case()
def prepare(*, export_id: int, say: Say, moment: str, at: datetime) -> None:
    """Make the file of an export that may be made; one that is made already stays as it is.

    The rows are the lender's, and reach as far as the asker saw; one who has lost the right since
    gets nothing. `say` gives codes their words, `moment` is the time as it stands on the file.
    """
    row = _locked(export_id)
    if row.state != ExportState.QUEUED:
        return
    wanted = queries.wanted_of(row)
    scope = Scope(Reach(row.reach), row.asked_by, row.team_id, row.agency_id)
    if why_not := _why_not(row, wanted, scope):
        _end(row, ExportEvent.FAIL, failure=why_not)
        return
    sheet = Sheet(
        export_id=row.pk,
        secret=bytes(row.secret),
        wanted=wanted,
        line=_line(row, moment),
        rows=lists.rows(wanted=wanted, scope=scope, as_of=row.business_on),
        say=say,
    )
    _keep(row, sheet, at)
    row.rows, row.sketch = sheet.rows_written, sheet.sketch
    row.ready_at, row.expires_at = at, at + rules.KEPT_FOR
    _end(row, ExportEvent.FINISH, *_MADE)
    _record(Act.EXPORTED, row, {"rows": row.rows, "sha256": row.sha256, "asked_by": row.asked_by})


def _keep(row: models.Export, sheet: Sheet, at: datetime) -> None:
    """Let the file stream into the store, sealed on the way."""
    received = filestore.receive(
        writing.write(sheet, FileFormat(row.file_format)),
        lender_id=row.lender_id,
        purpose=FilePurpose.EXPORT,
    )
    about = filestore.About("export", row.pk, keep_until=(at + rules.KEPT_FOR).date())
    kept = filestore.keep(received, actor_id=row.asked_by, at=at, about=about)
    row.file_id, row.size_bytes, row.sha256 = kept.id, kept.size_bytes, kept.sha256


def _why_not(row: models.Export, wanted: Wanted, scope: Scope) -> str:
    """Why the file is not made after all; empty if it is.

    Asked anew, whatever stands on the row: the asker's rights today, the limit, and the consents
    where the ground is those. What nobody approved must still be within what the role takes out
    alone.
    """
    needed = {Right.EXPORT.value} | ({Right.REVEAL.value} if row.is_unmasked else set())
    rights, lender_ids = queries.rights_of(row.asked_by, row.business_on)
    if not needed <= rights or row.lender_id not in lender_ids:
        return NotAllowed.code
    rows = lists.count(wanted=wanted, scope=scope, as_of=row.business_on)
    limit = queries.limit_of(
        queries.roles_of(row.asked_by, row.business_on), is_unmasked=row.is_unmasked
    )
    since = row.asked_at - rules.COUNTED_FOR
    lately = queries.taken_since(row.asked_by, since, before=row.pk)
    try:
        state = rules.first_state(rows, lately, limit, wanted.file_format)
        _grounded(Purpose(row.purpose), wanted, scope, row.business_on)
    except Refused as no:
        return no.code
    is_alone = row.decided_by is None
    return rules.TooManyRows.code if is_alone and state == ExportState.WAITING else ""


def _line(row: models.Export, moment: str) -> str:
    """The visible mark: first and last line of the file, head and foot of each printed page."""
    return _(
        "Export %(number)s · %(name)s (%(employee)s) · %(at)s · for: %(reason)s · confidential, "
        "every copy can be traced"
    ) % {
        "number": rules.number_of(row.pk),
        "name": row.asked_name,
        "employee": row.asked_number or "–",
        "at": moment,
        "reason": writing.harmless(row.reason),
    }


@db.use_case()
def fail(*, export_id: int, no: Refused) -> None:
    """Note why the file could not be made."""
    row = _locked(export_id)
    if row.state == ExportState.QUEUED:
        _end(row, ExportEvent.FAIL, failure=no.code)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is handed out."""

    filename: str
    media_type: str
    pieces: Iterator[bytes]


@db.use_case()
def fetch(*, export_id: int, actor_id: int, at: datetime) -> Fetched:
    """Hand the file to whoever asked for it, and write down that they took it.

    Raises NotAllowed, SecondFactorNeeded, Gone, NotYours, LenderNotServed.
    """
    access = require(Right.EXPORT)
    row = _locked(export_id)
    _check_theirs(row, actor_id, access)
    if not rules.is_there(ExportState(row.state), row.expires_at, at) or row.file_id is None:
        raise rules.Gone
    models.Download.objects.create(export=row, at=at, actor_id=actor_id)
    _record(Act.DOWNLOADED, row, {"rows": row.rows, "sha256": row.sha256})
    form = FORMS[Kind(row.file_format)]
    pieces = filestore.read(row.file_id).pieces
    return Fetched(f"{rules.number_of(row.pk)}.{form.ending}", form.media_type, pieces)


def _check_theirs(row: models.Export, actor_id: int, access: Access) -> None:
    if row.asked_by != actor_id:
        raise rules.NotYours
    if row.lender_id not in access.lender_ids:
        raise rules.LenderNotServed


@db.use_case()
def expire(*, at: datetime) -> int:
    """Destroy the files whose links have expired; how many."""
    ready = models.Export.objects.filter(state=ExportState.READY, expires_at__lte=at)
    rows = ready.select_for_update(skip_locked=True).defer("secret", "sketch")
    gone = 0
    for row in rows:
        if row.file_id is not None:
            filestore.erase_within(row.file_id, reason="export_expired", at=at)
        _end(row, ExportEvent.EXPIRE)
        gone += 1
    return gone


def _locked(export_id: int) -> models.Export:
    """The export, locked. What keys its marks is read by the worker alone, when it asks for it."""
    rows = models.Export.objects.select_for_update().defer("secret", "sketch")
    row = rows.filter(pk=export_id).first()
    if row is None:
        raise rules.Gone
    return row


def _end(row: models.Export, event: ExportEvent, *more: str, failure: str = "") -> None:
    row.state = rules.next_state(ExportState(row.state), event)
    row.failure = failure
    row.save(update_fields=["state", "failure", *more])


def _record(act: Act, row: models.Export, facts: dict[str, object]) -> None:
    audit.record(act, "export", row.pk, lender_id=row.lender_id, facts=facts)
