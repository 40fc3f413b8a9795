"""`recoup replay`: real loans through every night of their history, compared with the truth.

Works in a database of its own, which it drops; yours is not touched.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.interfaces.cli.replay import findings, payments_held
from recoup.interfaces.cli.replay.drive import Driven, drive
from recoup.interfaces.cli.replay.scratch import scratch_database
from recoup.interfaces.cli.sample import real_loans
from recoup.interfaces.cli.sample.real_loans import Portfolio
from recoup.modules.intake.abs_ee import files

Sections = dict[str, list[str]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Which loans, and where to write what was found."""
    parser.add_argument("--loans", choices=("americredit", "auto_abs", "all"), default="all")
    parser.add_argument(
        "--tape", type=Path, help=_("another monthly ABS-EE tape (CSV), instead of AmeriCredit's")
    )
    parser.add_argument(
        "--markdown", type=Path, help=_("rewrite the tables in this file, e.g. docs/replay.md")
    )


def run(arguments: argparse.Namespace) -> int:
    """Replay, print the tables, and write them if asked to."""
    servicer = _servicer(arguments.tape) if arguments.loans != "auto_abs" else None
    panel = real_loans.ally() if arguments.loans != "americredit" else None
    sections = dict[str, list[str]]()
    with scratch_database():
        chosen = [portfolio for portfolio in (servicer, panel) if portfolio is not None]
        driven = drive(chosen, timezone.now(), _tell)
        if servicer is not None:
            sections |= servicer_sections(driven, servicer)
        if panel is not None:
            sections |= panel_sections(driven, panel)
    for lines in sections.values():
        print("\n".join(lines))
    if arguments.markdown is not None:
        arguments.markdown.write_text(rewritten(arguments.markdown.read_text(), sections))
    return 0


def _servicer(tape: Path | None) -> Portfolio:
    if tape is None:
        return real_loans.americredit()
    return Portfolio("TAPE", tape.name, files.read_monthly(tape))


def servicer_sections(driven: Driven, portfolio: Portfolio) -> Sections:
    """The tables on loans whose servicer gives days past due."""
    numbers = {loan.number for loan in portfolio.loans}
    books = [book for book in driven.books if book.loan.number in numbers]
    rows = findings.compared(books, driven.days_late)
    return {"servicer": list(findings.servicer_section(rows))}


def panel_sections(driven: Driven, portfolio: Portfolio) -> Sections:
    """The tables on the loans of which only payments and balances are known."""
    numbers = {loan.number for loan in portfolio.loans}
    books = [book for book in driven.books if book.loan.number in numbers]
    held = payments_held.paid_months(portfolio.code)
    return {
        "totals": list(
            findings.totals_section(
                books,
                held,
                payments_held.booked_minor(portfolio.code),
                payments_held.returned_minor(portfolio.code),
                payments_held.outcomes(),
            )
        ),
        "lateness": list(findings.lateness_section(books, held, driven.days_late)),
        "years": list(findings.year_section(books, driven.days_late)),
    }


def rewritten(text: str, sections: Sections) -> str:
    """The document with each section between its marks replaced."""
    for name, lines in sections.items():
        before, mark, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if mark and end:
            text = before + mark + "\n".join(lines) + "\n" + end + after
    return text


def sections_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """The sections that stand in a document, by name."""
    for found in re.finditer(r"<!-- (\w+) -->\n(.*?)\n<!-- /\1 -->", text, flags=re.DOTALL):
        yield found[1], found[2].split("\n")


def _tell(what: str) -> None:
    end = "\r" if sys.stderr.isatty() else "\n"
    print(_("night %(what)s") % {"what": what}, end=end, file=sys.stderr, flush=True)
