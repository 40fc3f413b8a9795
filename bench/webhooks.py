"""What telling lenders costs the night, with a subscription to everything and with none.

    python -m bench.webhooks [--contracts 1000000] [--reps 3]

Three sides in turn, each from the same copy of the same database: without the triggers, with them
and nobody subscribed, and with one subscription to every kind of event.
"""

import argparse
import json
import statistics

from psycopg import sql

from bench import night, portfolio, server
from bench.shape import AS_OF
from recoup.foundation.db import statements

SIDES = ("without", "nobody", "everything")
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
 WHERE tgname IN ('webhooks_tell', 'webhooks_fan_out')
"""
SUBSCRIBE = """
INSERT INTO webhooks_subscription (lender_id, address, kinds, state, made_at)
SELECT id, 'https://hooks.example/in',
       '{case.opened,case.moved,case.cured,payment.posted,promise.kept,promise.partly_kept,'
       'promise.broken}', 'ACTIVE', now()
  FROM parties_lender
"""


def one(base: str, side: str) -> tuple[float, int]:
    """Seconds of one night, and how many events it left."""
    copy = f"{base}_webhooks"
    server.create(copy, template=base)
    try:
        with server.connect(copy) as connection:
            if side == "without":
                for relation, name in connection.execute(TRIGGERS).fetchall():
                    drop = sql.SQL("DROP TRIGGER {} ON {}")
                    connection.execute(drop.format(sql.Identifier(name), sql.Identifier(relation)))
            elif side == "everything":
                connection.execute(SUBSCRIBE)
            for statement in statements(night.WARM_UP.read_text()):
                connection.execute(statement, {"as_of": AS_OF})
        printed = server.run_python(copy, "-m", "bench.one_night", role="worker")
        with server.connect(copy) as connection:
            (events,) = connection.execute("SELECT count(*) FROM webhooks_event").fetchone() or (0,)
    finally:
        server.drop(copy)
    return float(json.loads(printed.splitlines()[-1])["seconds"]), int(events)


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--contracts", type=int, default=1_000_000)
    ask.add_argument("--reps", type=int, default=3)
    told = ask.parse_args()
    took: dict[str, list[float]] = {side: [] for side in SIDES}
    events = dict.fromkeys(SIDES, 0)
    with server.running():
        base = portfolio.ensure(told.contracts)
        for _ in range(told.reps):
            for side in SIDES:
                seconds, events[side] = one(base, side)
                took[side].append(seconds)
    bare = statistics.median(took["without"])
    for side in SIDES:
        median = statistics.median(took[side])
        spread = f"{min(took[side]):.2f} - {max(took[side]):.2f}"
        print(
            f"{side:10} {median:6.2f} s ({spread}) {100 * (median / bare - 1):+5.1f} %"
            f"  {events[side]:,} events"
        )


if __name__ == "__main__":
    main()
