"""The API itself: its operations, how a «no» is answered, and the description of all of it."""

import logging

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from recoup.core.refusals import Refused
from recoup.foundation.sign_in.rules import KeyRefused
from recoup.interfaces.api import files, money, portfolio, record, webhooks
from recoup.interfaces.api.described import described
from recoup.interfaces.api.keys import ByKey
from recoup.interfaces.api.operations import operation
from recoup.interfaces.api.problems import problem, refusal

log = logging.getLogger(__name__)
ABOUT = (
    "Contracts, cases, accounts, payments and intake for lenders' and partners' systems. "
    "Amounts are integers in minor units; people come masked; every call is on record."
)

api = NinjaAPI(
    title="Recoup",
    version="1",
    description=ABOUT,
    auth=ByKey(),
    docs_url=None,  # its page needs inline scripts, which our content policy forbids
    openapi_url=None,  # described below: only for those who have a key
    urls_namespace="api",
)
for _router in (portfolio.router, money.router, files.router, webhooks.router, record.router):
    api.add_router("/v1", _router)


@api.get("/openapi.json", include_in_schema=False, url_name="openapi")
@operation(None)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API (OpenAPI 3.1)."""
    return JsonResponse(described(api))


@api.exception_handler(Refused)
def _refused(request: HttpRequest, no: Refused) -> HttpResponse:
    return refusal(request, no)


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, no: AuthenticationError) -> HttpResponse:
    return refusal(request, KeyRefused())


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, no: ValidationError) -> HttpResponse:
    """Where, and what kind of mistake; never the value that was sent."""
    errors = [
        {"where": ".".join(str(part) for part in wrong["loc"]), "kind": wrong["type"]}
        for wrong in no.errors[:50]
    ]
    return problem(request, 422, errors=errors)


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, no: Http404) -> HttpResponse:
    return problem(request, 404)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, no: RequestDataTooBig) -> HttpResponse:
    return problem(request, 413)


@api.exception_handler(SuspiciousOperation)
def _suspicious(request: HttpRequest, no: SuspiciousOperation) -> HttpResponse:
    return problem(request, 400)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, no: HttpError) -> HttpResponse:
    return problem(request, no.status_code)
