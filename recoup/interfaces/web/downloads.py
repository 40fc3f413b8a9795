"""Giving a file out: streamed, as an attachment, in a sandbox, never kept by anybody on the way."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from recoup.foundation.filestore import queries, services
from recoup.foundation.filestore.queries import FileRow
from recoup.foundation.filestore.refusals import FileErased, FileUnknown
from recoup.interfaces.web.ranges import ByteRange, RangeUnmeetable, range_asked

# Whatever is in it runs nowhere, loads nothing and is shown inside no page.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def file_response(request: HttpRequest, file_id: int, name: str = "") -> HttpResponseBase:
    """The file, or the part of it that was asked for, under `name` or a name of the store's.

    Raises Http404 for one that is erased or out of reach, NotAllowed without the right.
    """
    row = queries.file(file_id)
    if row is None:
        raise Http404
    try:
        part = range_asked(request.headers.get("Range", ""), row.size_bytes)
    except RangeUnmeetable:
        return _unmeetable(row)
    try:
        reading = _reading(row, part)
    except (FileUnknown, FileErased) as no:
        raise Http404 from no
    response = StreamingHttpResponse(reading.pieces, content_type=row.media_type)
    response["Content-Length"] = str(part.stop - part.start if part else row.size_bytes)
    if part:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{row.size_bytes}"
    _guard(response, name or row.name)
    return response


def _reading(row: FileRow, part: ByteRange | None) -> services.Reading:
    if part is None:
        return services.read(row.id)
    return services.read(row.id, start=part.start, stop=part.stop)


def _unmeetable(row: FileRow) -> HttpResponse:
    response = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    response["Content-Range"] = f"bytes */{row.size_bytes}"
    return response


def _guard(response: HttpResponseBase, name: str) -> None:
    said = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = said or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Accept-Ranges"] = "bytes"
