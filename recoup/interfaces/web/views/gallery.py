"""The gallery: every component with real and with ugly data, for those who build pages."""

from datetime import UTC, date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from recoup.core.money import LARGEST_MINOR, Money
from recoup.foundation.access.rights import Right
from recoup.interfaces.ui.labels import LABELS
from recoup.interfaces.web.allowed import needs

NAMES = (
    "王小强",
    "陈洁",
    "欧阳娜娜",
    "阿卜杜热合曼·买买提艾力·吐尔逊江",
    "John Smith",
    "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh of Ardmore and Upper Ossory",
    "محمد عبد الله",
    "👩‍🚒 Zoë",
    "<script>alert(1)</script>",
    "",
)
AMOUNTS = (
    Money(1284637, "CNY"),
    Money(123456, "USD"),
    Money(0, "CNY"),
    Money(-50, "CNY"),
    Money(LARGEST_MINOR, "CNY"),
    Money(-LARGEST_MINOR, "USD"),
    Money(1234, "JPY"),
    Money(1234, "KWD"),
)
PHONES = ("13812346021", "021-63883388", "110", "+1 202 555 0143", "")
PLATES = ("沪A58K21", "沪AD12345", "8ABC123", "京", "")
DAYS = (0, 1, 38, 100000)
SHARES = (0, 1, 33, 100)


@require_GET
@needs(Right.OPERATE)
def gallery(request: HttpRequest) -> HttpResponse:
    """For those who run the installation; it shows nobody's data."""
    context = {
        "names": NAMES,
        "amounts": AMOUNTS,
        "phones": PHONES,
        "plates": PLATES,
        "days": DAYS,
        "shares": SHARES,
        "buckets": range(8),
        "labels": LABELS,
        "a_day": date(2024, 2, 29),
        "a_moment": datetime(2026, 11, 20, 21, 12, tzinfo=UTC),
        "is_synthetic": True,
    }
    return render(request, "web/gallery/gallery.html", context)
