"""`recoup night --as-of DATE`: run the night of a business day, or finish one that was killed."""

import argparse
from datetime import date

from django.utils.translation import gettext as _

from recoup.foundation.journal import StepDone
from recoup.interfaces.worker.night import run_night


def configure(parser: argparse.ArgumentParser) -> None:
    """The night's one argument: the business day (ISO date)."""
    parser.add_argument(
        "--as-of", required=True, type=date.fromisoformat, help=_("business day, YYYY-MM-DD")
    )


def run(arguments: argparse.Namespace) -> int:
    """Run it, a line per step; 0 also when the night had been finished before."""
    was_run = run_night(as_of=arguments.as_of, tell=tell)
    if not was_run:
        print(_("The night of %(day)s was finished before.") % {"day": arguments.as_of})
    return 0


def tell(done: StepDone) -> None:
    """One line per step, as soon as it is done."""
    mark = "·" if done.was_done else "✓"
    line = (
        f"{mark} {done.position:2}/{done.of} {done.name:<20} {done.rows:>10,} {done.seconds:7.2f} s"
    )
    print(line, flush=True)
