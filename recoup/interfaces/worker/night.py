"""The night: from the day's money to the morning's worklists, in steps that survive a kill."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

from recoup.foundation.business_day import NIGHT
from recoup.foundation.journal import Step, StepDone, run_job
from recoup.modules.analytics import jobs as analytics
from recoup.modules.arrears import jobs as arrears
from recoup.modules.assignment import jobs as assignment
from recoup.modules.cases import jobs as cases
from recoup.modules.ledger import jobs as ledger
from recoup.modules.plans import jobs as plans
from recoup.modules.strategy import jobs as strategy

STEPS: tuple[Step, ...] = (
    Step("post_payments", lambda day, at: ledger.post_day(as_of=day, at=at)),
    Step("snapshot_arrears", lambda day, at: arrears.snapshot_day(as_of=day)),
    Step("decide_promises", lambda day, at: plans.decide_promises(as_of=day)),
    Step("tell_promises", lambda day, at: cases.tell_promises(as_of=day, at=at)),
    Step("cure_cases", lambda day, at: cases.cure(as_of=day, at=at)),
    Step("move_cases", lambda day, at: cases.move(as_of=day, at=at)),
    Step("open_cases", lambda day, at: cases.open_cases(as_of=day, at=at)),
    Step("decide_treatments", lambda day, at: strategy.decide(as_of=day)),
    Step("treat_cases", lambda day, at: cases.treat(as_of=day, at=at)),
    Step("assign_cases", lambda day, at: cases.assign(as_of=day, at=at)),
    Step("write_worklists", lambda day, at: assignment.write_worklists(as_of=day)),
    Step("count_flows", lambda day, at: analytics.count_flows(as_of=day)),
)


def run_night(
    *,
    as_of: date,
    tell: Callable[[StepDone], None] = lambda done: None,
    clock: Callable[[], datetime] = timezone.now,
) -> bool:
    """Run the night of a business day, or finish one that was killed; False if it was done.

    Raises JobAlreadyRunning, and DayAlreadyPassed for a day before the last finished one.
    """
    return run_job(name=NIGHT, business_day=as_of, steps=STEPS, clock=clock, tell=tell)
