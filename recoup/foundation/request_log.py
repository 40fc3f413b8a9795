"""One line of JSON per event in the log: request's number, who asked; nothing of what was asked.

The number goes out with every answer (X-Request-Id), stands on error pages and in every line that
was logged meanwhile, so that whoever reports an error needs to tell nothing else.
"""

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime

_number: ContextVar[str] = ContextVar("recoup_request", default="")
_who: ContextVar[str] = ContextVar("recoup_request_by", default="")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST = 2_000


def request_id() -> str:
    """The number of the request that is, or was last, answered here; empty before the first."""
    return _number.get()


def begin() -> str:
    """A new number, which holds until the next request begins in this thread.

    Django logs a refused request after its last middleware has returned: the number must be there.
    """
    number = secrets.token_hex(8)
    _number.set(number)
    _who.set("")
    return number


def asked_by(who: str) -> None:
    """Whose request it is, as `user 17` or `key 3`, once that is known; never a name."""
    _who.set(who)


class JsonLines(logging.Formatter):
    """A line per event: when (UTC), how grave, where, what, which request; errors with their trace.

    Of an exception the trace is kept but not its text: the text may quote what somebody typed or
    what the database held.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The event as one line; whatever tries to look like a new line is blanked."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": CONTROL.sub(" ", record.getMessage())[:LONGEST],
        }
        if number := request_id():
            said["request"] = number
        if who := _who.get():
            said["who"] = who
        if record.exc_info and record.exc_info[0] is not None:
            said["error"] = record.exc_info[0].__name__
            said["trace"] = trace_of(record)
        return json.dumps(said, ensure_ascii=False)


def trace_of(record: logging.LogRecord) -> list[str]:
    """File, line and function of every frame, the innermost last; no values."""
    frames = list[str]()
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-30:]
