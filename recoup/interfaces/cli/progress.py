"""Progress on a terminal: one line per step with its time, and a bar for the long ones.

Where nobody watches (a file, a pipe) the bar becomes a line every few seconds.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 24
QUIET_SECONDS = 5.0
DRAWN_SECONDS = 0.1
CLEAR_LINE = "\r\x1b[K"


class Progress:
    """Tells what is being done; `part` is called from inside a step."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.watched = out.isatty()
        self._title = ""
        self._began = self._told = 0.0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step: its line is final when it ends, with the seconds it took."""
        self._title, self._began = title, time.monotonic()
        self._told = self._began
        if self.watched:
            self._draw(f"  {title} …")
        try:
            yield
        except BaseException:
            self._end("✗")
            raise
        self._end("✓")

    def part(self, done: int, of: int, what: str = "") -> None:
        """Say how far the step is; called as often as one likes, shown seldom."""
        now = time.monotonic()
        if now - self._told < (DRAWN_SECONDS if self.watched else QUIET_SECONDS):
            return
        self._told = now
        share = min(done / of, 1.0) if of else 0.0
        said = f"{self._title}  {share:4.0%}  {now - self._began:.0f} s  {what}".rstrip()
        if self.watched:
            full = round(share * WIDTH)
            self._draw(f"  {'█' * full}{'░' * (WIDTH - full)}  {said}")
        else:
            print(f"  … {said}", file=self.out, flush=True)

    def say(self, line: str = "") -> None:
        """A line of its own."""
        print(line, file=self.out, flush=True)

    def _draw(self, line: str) -> None:
        self.out.write(CLEAR_LINE + line)
        self.out.flush()

    def _end(self, mark: str) -> None:
        seconds = time.monotonic() - self._began
        clear = CLEAR_LINE if self.watched else ""
        print(f"{clear}{mark} {self._title}  ({seconds:.1f} s)", file=self.out, flush=True)
