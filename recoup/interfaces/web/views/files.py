"""Files given out by their number, to whom they may be given; for operators, how they are kept."""

import shutil
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.foundation.filestore import scanning
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.downloads import file_response
from recoup.interfaces.web.refusal_words import words_of


@require_safe
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """A file as an attachment; players may ask for a part of it."""
    return file_response(request, file_id)


@require_GET
@needs(Right.OPERATE)
def files_state(request: HttpRequest) -> HttpResponse:
    """Where files lie, how much room is left, and whether anybody scans them."""
    scanner, version, silent = scanning.scanner(), "", ""
    try:
        version = scanner.version()
    except Refused as no:
        silent = words_of(no)
    context = {
        "url": settings.FILES_URL,
        "folder": Path(settings.MEDIA_ROOT) / "store",
        "free_bytes": _free_bytes(),
        "is_unscanned": scanner.is_none,
        "version": version,
        "silent": silent,
    }
    return render(request, "web/files/state.html", context)


def _free_bytes() -> int | None:
    """What is left on the disk of the folder; of a store elsewhere nobody here knows."""
    if settings.FILES_URL or not Path(settings.MEDIA_ROOT).exists():
        return None
    return shutil.disk_usage(settings.MEDIA_ROOT).free
