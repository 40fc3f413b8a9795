"""The sample goes in by the same door as a lender's files: as files, through intake."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from recoup.interfaces.cli.sample.tables import Tables, write
from recoup.modules.intake import services as intake
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.services import Progress
from recoup.modules.parties import services as parties

Tell = Callable[[str, float], object]


class SampleNotClean(Exception):
    """Rows of the sample were refused: the sample or the rules of intake have changed."""


def hand_over(
    code: str,
    name: str,
    currency: str,
    tables: Tables,
    *,
    at: datetime,
    tell: Tell = lambda what, share: None,
) -> list[BatchRow]:
    """Take in the tables of a lender, a file for each kind; a second time changes nothing.

    Raises SampleNotClean if a row was refused.
    """
    parties.add_lender(code=code, name=name, currency=currency)
    batches = list[BatchRow]()
    with TemporaryDirectory(prefix="recoup-sample-") as folder:
        for kind, rows in tables.items():
            file = write(rows, Path(folder) / f"{code.lower()}-{kind}.parquet")

            def progress(done: Progress, what: str = f"{name}: {kind}") -> None:
                tell(what, done.fraction)

            batches.append(
                intake.take_in(
                    path=file,
                    lender_code=code,
                    kind=kind,
                    actor_id=None,
                    at=at,
                    progress=progress,
                )
            )
            if batches[-1].rows_bad:
                raise SampleNotClean(f"{code} {kind}: {batches[-1].rows_bad} rows refused")
    return batches
