"""Data intake: upload a lender's file, map its columns, watch it go in, read why rows did not."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from procrastinate.contrib.django import app

from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.web import intake_forms
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.pages import number_asked
from recoup.interfaces.web.people import actor_id
from recoup.modules.intake import exporting, queries, services, uploads
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.rules import BatchState, RowKind, Stage

KINDS = set(RowKind)
BATCHES_SHOWN = 30
FAULTS_SHOWN = 100
STEPS = (Stage.WAITING, Stage.CHECKING, Stage.READING, Stage.JUDGING)


@require_http_methods(["GET", "POST"])
@needs(Right.TAKE_IN)
def intake(request: HttpRequest) -> HttpResponse:
    """The batches so far, and the upload."""
    form = intake_forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("intake_batch", batch_id=_receive(request, form))
        except Refused as no:
            safe = _("%(why)s Nothing of it was taken in.") % {"why": _said(no)}
            form.add_error("file", safe)
    rows = queries.batches(limit=BATCHES_SHOWN + 1, before=number_asked(request, "before"))
    context = {
        "form": form,
        "batches": rows[:BATCHES_SHOWN],
        "before": rows[BATCHES_SHOWN - 1].id if len(rows) > BATCHES_SHOWN else None,
    }
    status = 422 if form.errors else 200
    return render(request, "web/intake/intake.html", context, status=status)


def _receive(request: HttpRequest, form: intake_forms.UploadForm) -> int:
    file = form.cleaned_data["file"]
    lender_id = queries.lender(form.cleaned_data["lender"]).id
    return services.receive(
        received=uploads.receive(file.chunks(), lender_id=lender_id),
        kind=form.cleaned_data["kind"],
        filename=file.name,
        actor_id=actor_id(request),
        at=timezone.now(),
    )


@require_GET
@needs(Right.TAKE_IN)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: its mapping, its progress, or its result."""
    row = _batch(batch_id)
    context = _facts(request, row)
    if row.state is BatchState.RECEIVED and not _is_queued(row):
        context |= _mapping_facts(row)
    if context["faults"] or "preview" in context:
        audit.record(Act.INTAKE_SEEN, "batch", row.id, lender_id=row.lender_id)
    return render(request, "web/intake/batch.html", context)


@require_GET
@needs(Right.TAKE_IN)
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The fragment which asks for itself until the batch is through."""
    return render(request, "web/intake/_progress.html", _facts(request, _batch(batch_id)))


@require_POST
@needs(Right.TAKE_IN)
def start(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take the file in by the chosen mapping; one made here is saved for the lender."""
    row = _batch(batch_id)
    if row.state is not BatchState.RECEIVED and not row.is_interrupted:
        return redirect("intake_batch", batch_id=batch_id)
    try:
        if not row.is_interrupted:
            _choose(request, row)
    except Refused as no:
        messages.error(request, _said(no))
        return redirect("intake_batch", batch_id=batch_id)
    app.configure_task("take_in_upload", queue="intake").defer(batch_id=batch_id)
    return redirect("intake_batch", batch_id=batch_id)


def _choose(request: HttpRequest, row: BatchRow) -> None:
    """Note the mapping to read the file by. Raises MappingUnknown and what saving one raises."""
    code = _chosen_mapping(request, row)
    queries.find_mapping(row.lender_id, code, RowKind(row.kind) if row.kind in KINDS else None)
    services.queue(
        batch_id=row.id,
        mapping_code=code,
        schedule_from_terms=request.POST.get("schedule_from_terms") == "on",
    )


def _chosen_mapping(request: HttpRequest, row: BatchRow) -> str:
    code = request.POST.get("mapping", "")
    if code or row.kind not in KINDS:
        return code
    name = request.POST.get("save_as", "").strip() or f"{row.lender_code}-{row.kind}"
    spec = intake_forms.mapping_from(RowKind(row.kind), request.POST)
    services.save_mapping(lender_id=row.lender_id, code=name, spec=spec)
    return name


@require_POST
@needs(Right.TAKE_IN)
def discard(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Forget a file that was not taken in."""
    row = _batch(batch_id)
    try:
        services.discard(batch_id=batch_id, at=timezone.now())
    except Refused as no:
        messages.error(request, _said(no))
        return redirect("intake_batch", batch_id=batch_id)
    messages.success(request, _("%(file)s was discarded.") % {"file": row.filename})
    return redirect("intake")


@require_GET
@needs(Right.TAKE_IN)
def quarantine(request: HttpRequest, batch_id: int) -> StreamingHttpResponse:
    """Every refused row with its reasons, as CSV."""
    row = _batch(batch_id)
    facts = {"rows_bad": row.rows_bad}
    audit.record(Act.DOWNLOADED, "batch", row.id, lender_id=row.lender_id, facts=facts)
    lines = access.carried(line.encode() for line in exporting.quarantine_csv(row.id))
    response = StreamingHttpResponse(_with_mark(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="quarantine-{row.id}.csv"'
    return response


def _with_mark(lines: Iterator[bytes]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"  # so that spreadsheets read it as UTF-8
    yield from lines


def _facts(request: HttpRequest, row: BatchRow) -> dict[str, object]:
    after = number_asked(request, "after") or 0
    faults, further = queries.faults(row.id, limit=FAULTS_SHOWN, after=after)
    return {
        "batch": row,
        "is_queued": _is_queued(row),
        "is_moving": _is_queued(row) or row.state is BatchState.RUNNING,
        "steps": _steps(row),
        "totals": queries.control_totals(row),
        "faults": [(fault, exporting.said(fault)) for fault in (row.shown for row in faults)],
        "after": further,
        "refusal": _refusal_said(row),
    }


def _mapping_facts(row: BatchRow) -> dict[str, object]:
    facts: dict[str, object] = {
        "mappings": queries.mapping_codes(row.lender_id, row.kind),
        "date_forms": intake_forms.DATE_FORMS,
    }
    if row.kind not in KINDS:
        return facts
    try:
        with uploads.opened(row.id) as path:
            preview = uploads.preview(path, row.filename, RowKind(row.kind))
    except Refused as no:
        return facts | {"broken": _said(no)}
    choices = intake_forms.column_choices(RowKind(row.kind), preview)
    return facts | {"preview": preview, "choices": choices}


def _is_queued(row: BatchRow) -> bool:
    return row.state is BatchState.RECEIVED and bool(row.mapping_code)


def _steps(row: BatchRow) -> list[tuple[str, str]]:
    """The stepper: each stage with done, now, todo or failed."""
    words = (_("Waiting for a worker"), _("Checking"), _("Reading"), _("Comparing and taking in"))
    at = len(STEPS) if row.stage is Stage.DONE else STEPS.index(row.stage)
    now = "failed" if row.state is BatchState.REFUSED or row.is_interrupted else "now"
    states = ["done" if i < at else now if i == at else "todo" for i in range(len(STEPS))]
    return list(zip(states, words, strict=True))


def _refusal_said(row: BatchRow) -> str:
    if not row.refusal_code:
        return ""
    params = dict(row.refusal_params)
    message = _(str(params.pop("message", row.refusal_code)))
    return message % params if params else message


def _said(no: Refused) -> str:
    return _(no.message) % no.params if no.params else _(no.message)


def _batch(batch_id: int) -> BatchRow:
    row = queries.batch(batch_id)
    if row is None:
        raise Http404
    return row
