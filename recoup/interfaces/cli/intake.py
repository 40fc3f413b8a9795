"""`recoup intake FILE`: take in a lender's file, show control totals, say where bad rows are.

Exit code 0 when every row went in or was known, 3 when rows were quarantined, 2 when refused.
"""

import argparse
import sys
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.core.currencies import exponent
from recoup.core.refusals import Refused
from recoup.interfaces.cli.progress import Progress
from recoup.modules.intake import exporting, queries, services
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.rules import RowKind, Stage
from recoup.modules.intake.services import Progress as Step
from recoup.modules.parties import services as parties

QUARANTINED = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """The file, whose it is, and how to read it."""
    kinds = [kind.value for kind in RowKind]
    parser.add_argument("file", type=Path, help=_("CSV, XLSX or Parquet"))
    parser.add_argument("--lender", required=True, metavar="CODE", help=_("whose file it is"))
    parser.add_argument("--kind", choices=kinds, help=_("which table of the standard layout"))
    parser.add_argument(
        "--mapping", default=queries.STANDARD, metavar="CODE", help=_("saved or built-in mapping")
    )
    parser.add_argument(
        "--schedule-from-terms",
        action="store_true",
        help=_("make the instalments of contracts that have none"),
    )
    parser.add_argument(
        "--expect-rows", type=int, metavar="N", help=_("refuse the file if it has other rows")
    )
    parser.add_argument(
        "--quarantine", type=Path, metavar="CSV", help=_("write the refused rows to this file")
    )
    parser.add_argument("--create-lender", metavar="NAME", help=_("make the lender if unknown"))
    parser.add_argument("--currency", default="CNY", help=_("currency of a lender made here"))


def run(arguments: argparse.Namespace) -> int:
    """Take it in. Refusals are told by the frame, with exit code 2."""
    if arguments.create_lender:
        exponent(arguments.currency)  # refuses what is not a currency
        parties.add_lender(
            code=arguments.lender, name=arguments.create_lender, currency=arguments.currency
        )
    shown = Progress(sys.stderr)
    try:
        with shown.step(_("Taking in %(file)s") % {"file": arguments.file.name}):
            batch = services.take_in(
                path=arguments.file,
                lender_code=arguments.lender,
                kind=RowKind(arguments.kind) if arguments.kind else None,
                mapping=arguments.mapping,
                schedule_from_terms=arguments.schedule_from_terms,
                expected_rows=arguments.expect_rows,
                actor_id=None,
                at=timezone.now(),
                progress=lambda step: _tell(shown, step),
            )
    except Refused:
        print(_("Nothing was taken in."), file=sys.stderr)
        raise
    print_totals(batch)
    return _quarantine(batch, arguments.quarantine)


def _tell(shown: Progress, step: Step) -> None:
    what = {
        Stage.CHECKING: _("checking the file"),
        Stage.READING: _("reading"),
        Stage.JUDGING: _("comparing and taking in"),
    }.get(step.stage, "")
    rows = _("%(rows)s rows") % {"rows": f"{step.rows:,}"} if step.rows else ""
    shown.part(round(step.fraction * 1000), 1000, f"{what}  {rows}")


def print_totals(batch: BatchRow) -> None:
    """The control totals: rows of the file, then rows and sums per table."""
    print(_("Batch %(id)s, %(lender)s") % {"id": batch.id, "lender": batch.lender_name})
    for words, rows in (
        (_("rows in the file"), batch.rows_total),
        (_("taken in"), batch.rows_good),
        (_("known, unchanged"), batch.rows_unchanged),
        (_("quarantined"), batch.rows_bad),
    ):
        print(f"  {rows:>12,}  {words}")
    for line in queries.control_totals(batch):
        became = ", ".join(
            f"{count:,} {words}"
            for count, words in (
                (line.new, _("new")),
                (line.changed, _("changed")),
                (line.unchanged, _("unchanged")),
                (line.bad, _("refused")),
            )
            if count
        )
        print(f"  {_(line.kind):<14}{became}")
        for total in line.sums:
            print(f"    {_(total.column)}: {total.taken_in} ({_('taken in')})")


def _quarantine(batch: BatchRow, file: Path | None) -> int:
    if not batch.rows_bad:
        return 0
    for column, code, rows in queries.fault_summary(batch.id)[:5]:
        print(f"  {rows:>12,}  {column}: {code}", file=sys.stderr)
    if file is None:
        print(_("Write the refused rows to a file with --quarantine FILE.csv."), file=sys.stderr)
        return QUARANTINED
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        out.writelines(exporting.quarantine_csv(batch.id))
    print(_("The refused rows are in %(file)s.") % {"file": file}, file=sys.stderr)
    return QUARANTINED
