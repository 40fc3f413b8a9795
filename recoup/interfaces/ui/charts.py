"""Bars made on the server: shapes only, in a 100-wide box that stretches; words stand beside them.

The table is the chart: each bar is a cell of a row which says the same in figures, so that it
prints, reads in grey, and needs no script.
"""

from django.utils.html import format_html, format_html_join

HEIGHT = 18
MIDDLE = 50


def bar(part: float, whole: float, css: str) -> str:
    """One bar from the left; something that is not nothing is at least a hair wide."""
    return _svg(_rect(0, _width(part, whole, 100), css))


def diverging(scale: float, better: list[tuple[float, str]], worse: list[tuple[float, str]]) -> str:
    """What got better to the left of the middle, what got worse to the right, stacked."""
    shapes, left, right = [], float(MIDDLE), float(MIDDLE)
    for part, css in better:
        width = _width(part, scale, MIDDLE)
        left -= width
        shapes.append(_rect(left, width, css))
    for part, css in worse:
        width = _width(part, scale, MIDDLE)
        shapes.append(_rect(right, width, css))
        right += width
    axis = format_html('<path class="axis" d="M{} 0V{}"/>', MIDDLE, HEIGHT)
    return _svg(format_html_join("", "{}", ((shape,) for shape in [*shapes, axis])))


def _width(part: float, whole: float, room: int) -> float:
    if not part or not whole:
        return 0
    return max(0.4, min(part / whole, 1) * room)


def _rect(start: float, width: float, css: str) -> str:
    if not width:
        return ""
    return format_html(
        '<rect class="{}" x="{}" y="2" width="{}" height="{}"/>',
        css, f"{start:.2f}", f"{width:.2f}", HEIGHT - 4,
    )  # fmt: skip


def _svg(shapes: str) -> str:
    return format_html(
        '<svg viewBox="0 0 100 {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        HEIGHT, shapes,
    )  # fmt: skip
