"""Search: a contract by its number, plate, phone or the borrower's name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.shell import shell_of
from recoup.modules.assignment import lists

LONGEST_TEXT = 100
FOUND_BY = {1: "contract_number", 2: "plate", 3: "phone", 4: "name", 5: "id_number", 6: "vin"}


@require_GET
@needs(Right.SEE_CASES)
def search(request: HttpRequest) -> HttpResponse:
    """What was found, with what it was found by."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
    rows = lists.search(text, as_of=shell_of(request).business_day)
    if text:
        found = sorted({FOUND_BY[row.by_what] for row in rows})
        audit.record(
            Act.SEARCHED,
            "search",
            None,
            contract_ids=[row.contract_id for row in rows],
            facts={"found": len(rows), "by": found, "length": len(text)},
        )
    context = {
        "search_text": text,
        "rows": rows,
        "is_cut": len(rows) == lists.FOUND_ROWS,
        "is_synthetic": any(row.is_synthetic for row in rows),
    }
    return render(request, "web/search/search.html", context)
