"""A person's rights over their data: requests with their days, identity, answers, the file."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from recoup.foundation import audit
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.web.acting import (
    code_of,
    day_of,
    day_or_none,
    number_of,
    text_of,
    tried,
)
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.subject_archive import archive
from recoup.modules.privacy import queries, rules, services
from recoup.modules.privacy.queries import PersonRow, RequestRow
from recoup.modules.privacy.rules import (
    Channel,
    HoldScope,
    IdentityCheck,
    NotFound,
    RequestKind,
)


@require_GET
@needs(Right.KEEP_PRIVACY)
def requests(request: HttpRequest) -> HttpResponse:
    """Who waits for an answer and until when; the way to a person by a contract's number."""
    lenders = access.current().lender_ids
    number = request.GET.get("number", "").strip()
    found = queries.people_of(number, lenders) if number else []
    shown = sorted({person.contract_id for person in found})
    audit.record(Act.PRIVACY_SEEN, "request", None, contract_ids=shown)
    context = {
        "requests": queries.requests(lenders),
        "number": number,
        "people": found,
        "today": timezone.localdate(),
        "is_synthetic": any(person.is_synthetic for person in found),
    }
    return render(request, "web/privacy/requests.html", context)


@require_GET
@needs(Right.KEEP_PRIVACY)
def person(request: HttpRequest, party_id: int) -> HttpResponse:
    """What a person asked and agreed to, and the forms to write more down."""
    lenders = access.current().lender_ids
    parts = _parts(party_id)
    named_in = [part.contract_id for part in parts]
    audit.record(
        Act.PRIVACY_SEEN,
        "party",
        party_id,
        lender_id=parts[0].lender_id,
        contract_ids=named_in,
    )
    context = {
        "person": parts[0],
        "parts": parts,
        "requests": queries.requests(lenders, party_id=party_id),
        "consents": queries.consents(lenders, party_id=party_id),
        "restrictions": queries.restrictions(lenders, party_id=party_id),
        "causes": rules.BY_PEOPLE,
        "wordings": queries.wordings(),
        "kinds": tuple(RequestKind),
        "channels": tuple(Channel),
        "today": timezone.localdate(),
        "is_synthetic": parts[0].is_synthetic,
    }
    return render(request, "web/privacy/person.html", context)


@require_POST
@needs(Right.KEEP_PRIVACY)
def receive(request: HttpRequest, party_id: int) -> HttpResponse:
    """Write down what a person asks."""
    lender_id = _parts(party_id)[0].lender_id
    tried(
        request,
        lambda: services.receive_request(
            party_id=party_id,
            lender_id=lender_id,
            kind=code_of(request, "kind", RequestKind),
            channel=code_of(request, "channel", Channel),
            detail=text_of(request, "detail"),
            received_on=day_of(request, "received_on"),
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=timezone.localdate(),
        ),
        _("The request is in the register."),
    )
    return redirect("privacy_person", party_id=party_id)


@require_POST
@needs(Right.KEEP_PRIVACY)
def hold_person(request: HttpRequest, party_id: int) -> HttpResponse:
    """Keep the person from being forgotten."""
    lender_id = _parts(party_id)[0].lender_id
    tried(
        request,
        lambda: services.place_hold(
            scope=HoldScope.PERSON,
            subject_id=party_id,
            lender_id=lender_id,
            reason=text_of(request, "reason"),
            reference=text_of(request, "reference"),
            until=day_or_none(request, "until"),
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=timezone.localdate(),
        ),
        _("The hold stands; nothing of this person is deleted."),
    )
    return redirect("privacy_person", party_id=party_id)


@require_POST
@needs(Right.KEEP_PRIVACY)
def consent(request: HttpRequest, party_id: int) -> HttpResponse:
    """Write down that a person agreed."""
    lender_id = _parts(party_id)[0].lender_id
    tried(
        request,
        lambda: services.record_consent(
            party_id=party_id,
            lender_id=lender_id,
            wording_id=number_of(request, "wording"),
            given_on=day_of(request, "given_on"),
            channel=code_of(request, "channel", Channel),
            evidence=text_of(request, "evidence"),
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=timezone.localdate(),
        ),
        _("The consent is in the register."),
    )
    return redirect("privacy_person", party_id=party_id)


@require_POST
@needs(Right.KEEP_PRIVACY)
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Write down that a person takes a consent back: as easy as giving it was."""
    tried(
        request,
        lambda: services.withdraw_consent(
            consent_id=consent_id,
            withdrawn_on=day_of(request, "withdrawn_on"),
            channel=code_of(request, "channel", Channel),
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=timezone.localdate(),
        ),
        _("The consent is withdrawn from this day on."),
    )
    return redirect("privacy_registers")


@require_GET
@needs(Right.KEEP_PRIVACY)
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: whose, what, until when; identity, answer, file."""
    row = _request(request_id)
    audit.record(Act.PRIVACY_SEEN, "request", request_id, lender_id=row.lender_id)
    context = {
        "row": row,
        "checks": tuple(IdentityCheck),
        "has_file": row.kind in services.WITH_FILE and row.identity_check,
        "today": timezone.localdate(),
    }
    return render(request, "web/privacy/request.html", context)


@require_POST
@needs(Right.KEEP_PRIVACY)
def identify(request: HttpRequest, request_id: int) -> HttpResponse:
    """Write down how it was made sure who asks."""
    tried(
        request,
        lambda: services.identify(
            request_id=request_id,
            check=code_of(request, "check", IdentityCheck),
            actor_id=actor_id(request),
            at=timezone.now(),
        ),
        _("The identity check is on record."),
    )
    return redirect("data_request", request_id=request_id)


@require_POST
@needs(Right.KEEP_PRIVACY)
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer, or refuse with the reason."""
    tried(
        request,
        lambda: services.answer_request(
            request_id=request_id,
            granted=request.POST.get("decision") == "grant",
            answer=text_of(request, "answer"),
            actor_id=actor_id(request),
            at=timezone.now(),
        ),
        _("The answer is on record."),
    )
    return redirect("data_request", request_id=request_id)


@require_POST
@needs(Right.KEEP_PRIVACY)
@never_cache
def subject_file(request: HttpRequest, request_id: int) -> HttpResponse:
    """Everything about the person, as one ZIP; made anew each time and kept nowhere."""
    at = timezone.now()
    made: list[bytes] = []

    def make() -> None:
        file = services.subject_file(request_id=request_id, actor_id=actor_id(request), at=at)
        made.append(archive(file, f"{timezone.localtime(at):%Y-%m-%d %H:%M}"))
        digest = sha256(made[0]).hexdigest()
        services.note_subject_file(request_id=request_id, sha256=digest)

    if not tried(request, make, _("The file was made; its fingerprint is on record.")):
        return redirect("data_request", request_id=request_id)
    response = HttpResponse(made[0], content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="request-{request_id}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _parts(party_id: int) -> list[PersonRow]:
    parts = queries.parts_of(party_id, access.current().lender_ids)
    if not parts:
        raise Http404(NotFound.message)
    return parts


def _request(request_id: int) -> RequestRow:
    found = queries.requests(access.current().lender_ids, request_id=request_id)
    if not found:
        raise Http404(NotFound.message)
    return found[0]
