"""What is kept and no longer used: somebody, or one contract, until it is lifted or deleted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.acting import code_of, number_of, text_of, tried
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.modules.privacy import queries, services
from recoup.modules.privacy.rules import NotFound, RestrictionCause, RestrictionScope


@require_POST
@needs(Right.KEEP_PRIVACY)
def restrict_person(request: HttpRequest, party_id: int) -> HttpResponse:
    """Let nobody use what is kept of a person, nor the contracts they borrowed."""

    def act() -> None:
        parts = queries.parts_of(party_id, access.current().lender_ids)
        if not parts:
            raise NotFound
        _restrict(request, RestrictionScope.PERSON, party_id, parts[0].lender_id)

    tried(request, act, _done())
    return redirect("privacy_person", party_id=party_id)


@require_POST
@needs(Right.KEEP_PRIVACY)
def restrict_contract(request: HttpRequest) -> HttpResponse:
    """Let nobody use one contract, found by its number."""

    def act() -> None:
        lender_id = number_of(request, "lender")
        contract_id = queries.contract_of(text_of(request, "number").strip(), lender_id)
        _restrict(request, RestrictionScope.CONTRACT, contract_id, lender_id)

    tried(request, act, _done())
    return redirect("retention")


def _restrict(
    request: HttpRequest, scope: RestrictionScope, subject_id: int, lender_id: int
) -> None:
    services.restrict(
        scope=scope,
        subject_id=subject_id,
        lender_id=lender_id,
        cause=code_of(request, "cause", RestrictionCause),
        reason=text_of(request, "reason"),
        actor_id=actor_id(request),
        at=timezone.now(),
    )


def _done() -> str:
    return _("It is kept and used by nobody until this is lifted.")


@require_POST
@needs(Right.KEEP_PRIVACY)
def lift(request: HttpRequest, restriction_id: int) -> HttpResponse:
    """Let it be used again."""
    tried(
        request,
        lambda: services.lift_restriction(
            restriction_id=restriction_id,
            reason=text_of(request, "reason"),
            actor_id=actor_id(request),
            at=timezone.now(),
        ),
        _("It may be used again, unless another restriction stands."),
    )
    return redirect("retention")
