"""What follows when an account's past changes: arrears, promises and the case, in this order.

ADR 44 says what is derived again and what stays as history.
"""

from recoup.foundation.access import context as access
from recoup.foundation.business_day import NIGHT
from recoup.foundation.journal import latest_finished
from recoup.modules.arrears import jobs as arrears
from recoup.modules.cases import jobs as cases
from recoup.modules.ledger.past import News
from recoup.modules.plans import jobs as plans


def follow(news: News) -> None:
    """Derive again what was derived from the past, inside the transaction that posts.

    The case of one contract follows at once when its night is over; in the night the steps after
    the posting do that for all.
    """
    last = latest_finished(NIGHT)
    night_is_over = last is not None and last.business_day == news.as_of
    arrears.correct_snapshots(as_of=news.as_of, at=news.at, night_is_over=night_is_over)
    actor_id = access.current().user_id
    if plans.decide_again(as_of=news.as_of):
        cases.tell_again(as_of=news.as_of, at=news.at, actor_id=actor_id)
    if news.contract_id is not None and night_is_over:
        cases.follow_arrears(
            contract_id=news.contract_id, as_of=news.as_of, at=news.at, actor_id=actor_id
        )
