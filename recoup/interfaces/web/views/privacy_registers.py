"""The registers: grounds of use, consents and their wordings, impact assessments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.acting import code_of, day_of, text_of, tried
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.modules.compliance.grounds import Ground, Use
from recoup.modules.privacy import queries, services
from recoup.modules.privacy.rules import AssessmentReason, Risk, SensitiveKind


@require_GET
@needs(Right.KEEP_PRIVACY)
def registers(request: HttpRequest) -> HttpResponse:
    """Assessments, uses and their grounds, wordings and consents."""
    context = {
        "assessments": queries.assessments(),
        "wordings": queries.wordings(),
        "consents": queries.consents(access.current().lender_ids),
        "uses": queries.uses(),
        "grounds": tuple(Ground),
        "assessment_reasons": tuple(AssessmentReason),
        "risks": tuple(Risk),
        "sensitive_kinds": tuple(SensitiveKind),
        "reader_id": actor_id(request),
        "today": timezone.localdate(),
    }
    return render(request, "web/privacy/registers.html", context)


@require_POST
@needs(Right.KEEP_PRIVACY)
def set_ground(request: HttpRequest) -> HttpResponse:
    """On what ground personal data are used for something, and why that one."""
    tried(
        request,
        lambda: services.set_ground(
            use=code_of(request, "use", Use),
            ground=code_of(request, "ground", Ground),
            citation=text_of(request, "citation"),
            wording_code=text_of(request, "wording_code"),
            reason=text_of(request, "reason"),
            actor_id=actor_id(request),
            at=timezone.now(),
        ),
        _("The ground is on record and is asked from now on."),
    )
    return redirect("privacy_registers")


@require_POST
@needs(Right.KEEP_PRIVACY)
def add_wording(request: HttpRequest) -> HttpResponse:
    """A new version of the words people agree to."""
    tried(
        request,
        lambda: services.add_wording(
            code=text_of(request, "code"),
            sensitive_kind=code_of(request, "sensitive_kind", SensitiveKind),
            text_zh=text_of(request, "text_zh"),
            text_en=text_of(request, "text_en"),
            in_force_on=day_of(request, "in_force_on"),
        ),
        _("The wording is kept as a new version."),
    )
    return redirect("privacy_registers")


@require_POST
@needs(Right.KEEP_PRIVACY)
def assess(request: HttpRequest) -> HttpResponse:
    """An impact assessment, to be approved by a second person."""
    tried(
        request,
        lambda: services.make_assessment(
            reason=code_of(request, "reason", AssessmentReason),
            title=text_of(request, "title"),
            processing=text_of(request, "processing"),
            necessity=text_of(request, "necessity"),
            risks=text_of(request, "risks"),
            measures=text_of(request, "measures"),
            risk=code_of(request, "risk", Risk),
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=timezone.localdate(),
        ),
        _("The assessment is kept; a second person approves it."),
    )
    return redirect("privacy_registers")


@require_POST
@needs(Right.KEEP_PRIVACY)
def approve(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Approve another's assessment."""
    tried(
        request,
        lambda: services.approve_assessment(
            assessment_id=assessment_id, actor_id=actor_id(request), at=timezone.now()
        ),
        _("Approved."),
    )
    return redirect("privacy_registers")
