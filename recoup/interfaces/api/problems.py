"""A «no» over HTTP: problem+json (RFC 9457), in the caller's language, with our code."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from recoup.core.refusals import Refused
from recoup.foundation.request_log import request_id
from recoup.interfaces.api.language import language_of

MEDIA_TYPE = "application/problem+json"

STATUS_OF_CODE = {
    "key_refused": 401,
    "not_allowed": 403,
    "second_factor_needed": 403,
    "account_unknown": 404,
    "contract_unknown": 404,
    "lender_unknown": 404,
    "batch_unknown": 404,
    "payment_reference_repeated": 409,
    "ledger_books_are_ahead": 409,
    "batch_not_waiting": 409,
    "webhook_unknown": 404,
    "webhook_delivery_unknown": 404,
    "webhook_address_known": 409,
    "webhook_move_refused": 409,
    "webhook_too_many": 409,
    "file_being_taken_in": 409,
    "no_business_day": 409,
    "file_too_large": 413,
    "file_over_limit": 413,
    "file_store_full": 503,
    "file_store_unreachable": 503,
    "file_scanner_unavailable": 503,
    "too_many": 429,
}
REFUSED = 422  # any other refusal: understood, and said no to

WORDS: dict[int, tuple[str, str | Promise]] = {
    400: ("bad_request", lazy("The request could not be read.")),
    401: ("key_refused", lazy("This key is not valid.")),
    403: ("not_allowed", lazy("This key does not allow that.")),
    404: ("not_found", lazy("There is nothing at this address, or not for this key.")),
    405: ("method_not_allowed", lazy("This address does not know that method.")),
    406: ("not_acceptable", lazy("Answers are JSON only.")),
    409: ("conflict", lazy("That does not fit what stands there already.")),
    413: ("too_large", lazy("The request is larger than is taken.")),
    415: ("media_type_unknown", lazy("The content type is not the one this operation reads.")),
    422: ("invalid", lazy("Something in the request is not as it must be.")),
    429: ("too_many", lazy("Too many requests.")),
    500: ("error", lazy("Something went wrong on our side; nothing was changed.")),
    503: ("unavailable", lazy("The service cannot answer just now.")),
}


class ContractUnknown(Refused):
    """No such contract, or it is none of the caller's: the answer is the same."""

    code = "contract_unknown"
    message = "There is no contract with the number %(number)s."


class BatchUnknown(Refused):
    """No such batch, or it is none of the caller's."""

    code = "batch_unknown"
    message = "There is no batch with the number %(number)s."


class NoBusinessDay(Refused):
    """Nothing can be booked or asked as of a day before the first night."""

    code = "no_business_day"
    message = "No night has run yet, so there is no business day."


def problem(
    request: HttpRequest,
    status: int,
    *,
    code: str = "",
    detail: str = "",
    errors: Iterable[dict[str, Any]] = (),
) -> JsonResponse:
    """The answer for a status, in the caller's language, with nothing in it but what is given."""
    language = language_of(request)
    with override(language):
        usual, title = WORDS.get(status, WORDS[500 if status >= 500 else 400])
        said: dict[str, Any] = {
            "type": f"urn:recoup:problem:{code or usual}",
            "title": str(title),
            "status": status,
            "detail": detail or str(title),
            "code": code or usual,
            "instance": f"urn:recoup:request:{request_id()}",
        }
    if wrong := list(errors):
        said["errors"] = wrong
    answer = JsonResponse(said, status=status, content_type=MEDIA_TYPE)
    answer["Content-Language"] = language
    return answer


def refusal(request: HttpRequest, no: Refused) -> JsonResponse:
    """A business refusal, in its own words."""
    status = STATUS_OF_CODE.get(no.code, REFUSED)
    answer = problem(request, status, code=no.code, detail=words_of(request, no))
    if status == 429:
        answer["Retry-After"] = str(no.params.get("seconds", 60))
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def words_of(request: HttpRequest, no: Refused) -> str:
    """The refusal as a sentence in the caller's language."""
    with override(language_of(request)):
        return _(no.message) % no.params if no.params else _(no.message)
