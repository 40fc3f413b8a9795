"""Files given out by their number, to whom they may be given."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from recoup.foundation.access.context import NotAllowed, SecondFactorNeeded
from recoup.interfaces.web.downloads import file_response


@require_safe
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """A file as an attachment; players may ask for a part of it."""
    try:
        return file_response(request, file_id)
    except (NotAllowed, SecondFactorNeeded) as no:
        raise PermissionDenied from no
