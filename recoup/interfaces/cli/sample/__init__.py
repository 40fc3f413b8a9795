"""`recoup sample`: the sample portfolio, 5,211 real loans and 300 made-up contracts.

The business day is 29 February 2020: a leap day and a month end, when every tape has its month
complete; the last one before the deferrals of spring 2020, which the panel cannot tell from loans
that stopped paying; 3,793 real loans are alive, about one in eight of them in arrears.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.business_day import business_day
from recoup.interfaces.cli.progress import Progress
from recoup.interfaces.cli.sample import made_up_loans, real_loans, work_history
from recoup.interfaces.cli.sample.handing_over import hand_over, record_returns
from recoup.interfaces.cli.sample.real_loans import Portfolio
from recoup.interfaces.cli.terms import CannotRun
from recoup.interfaces.worker.night import run_night
from recoup.modules.intake import queries as intake
from recoup.modules.intake.abs_ee.book import Book
from recoup.modules.parties import services as parties

BUSINESS_DAY = date(2020, 2, 29)
# Nights before it, so that cases have an age, buckets have moved and the flow has a yesterday.
EARLIER_NIGHTS = (date(2020, 1, 31), date(2020, 2, 28))
LENDERS = ("AMERICREDIT", "ALLY", made_up_loans.CODE)
STEPS = 100

Tell = Callable[[int, int, str], object]


def configure(parser: argparse.ArgumentParser) -> None:
    """It has no options: the sample is always the same."""


def run(arguments: argparse.Namespace) -> int:
    """Load the sample and say which day it is made for."""
    progress = Progress()
    with progress.step(_("Sample portfolio")):
        load(progress.part)
    progress.say(
        _("Now run its night: recoup night --as-of %(day)s") % {"day": BUSINESS_DAY.isoformat()}
    )
    return 0


def load(tell: Tell, real: Sequence[Portfolio] | None = None) -> None:
    """Take in the sample through intake, and run the nights before its business day.

    `real` are the real portfolios if not all are wanted. A second time changes nothing. Raises
    CannotRun where other lenders' files were taken in.
    """
    refuse_among_real_lenders()
    at = timezone.now()
    tell(1, STEPS, _("reading the tapes"))
    returned = list[Book]()
    portfolios = real or (real_loans.americredit(), real_loans.ally())
    for portfolio, begins, ends in zip(portfolios, (2, 5), (5, 70), strict=False):
        books = real_loans.books_of(portfolio, BUSINESS_DAY)
        tables = real_loans.tables_of(books, BUSINESS_DAY)
        hand_over(
            portfolio.code, portfolio.name, "USD", tables, at=at, tell=_span(tell, begins, ends)
        )
        returned += books
    tables = made_up_loans.tables_of(BUSINESS_DAY)
    hand_over(
        made_up_loans.CODE, made_up_loans.NAME, "CNY", tables, at=at, tell=_span(tell, 70, 74)
    )
    record_returns(returned, at)
    _earlier_nights(tell)
    if business_day() == EARLIER_NIGHTS[-1]:
        tell(95, STEPS, _("a made-up day of work"))
        work_history.make(EARLIER_NIGHTS[-1])


def add_lender() -> int:
    """The lender of the made-up contracts, before their files come in."""
    return parties.add_lender(code=made_up_loans.CODE, name=made_up_loans.NAME, currency="CNY")


def refuse_among_real_lenders() -> None:
    """The sample never goes into a database that holds anybody else's portfolio."""
    others = [lender.code for lender in intake.lenders() if lender.code not in LENDERS]
    if others:
        raise CannotRun(
            _("This database holds other lenders (%(codes)s); the sample is not mixed with them.")
            % {"codes": ", ".join(others)}
        )


def _span(tell: Tell, begins: int, ends: int) -> Callable[[str, float], object]:
    """Tell of a portfolio's files as a stretch of the whole."""
    return lambda what, share: tell(begins + int((ends - begins) * share), STEPS, what)


def _earlier_nights(tell: Tell) -> None:
    """Nights of the past keep the time of the past."""
    last = business_day()
    for place, night in enumerate(EARLIER_NIGHTS):
        if last is None or last < night:
            tell(75 + 15 * place, STEPS, _("night of %(day)s") % {"day": night})
            run_night(as_of=night, clock=partial(datetime.combine, night, time(16, 0), UTC))
