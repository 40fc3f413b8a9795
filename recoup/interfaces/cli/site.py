"""Where the web server listens, and how it and the worker are started."""

import contextlib
import http.client
import ipaddress
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recoup.interfaces.cli.terms import CannotRun

FIRST_PAGE = "/login"
FIRST_PAGE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Site:
    """An address to listen on and how many processes and threads answer there."""

    host: str
    port: int
    workers: int
    threads: int

    @property
    def address(self) -> str:
        """What to type into the browser."""
        return f"http://{self.host}:{self.port}/"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def check_free(self) -> None:
        """Raise CannotRun where something else listens on the port, or it is not ours to take."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((self.host, self.port))
            except OSError as error:
                raise CannotRun(
                    _("Port %(port)d on %(host)s cannot be used: %(why)s. Try RECOUP_PORT=%(next)d")
                    % {
                        "port": self.port,
                        "host": self.host,
                        "why": os.strerror(error.errno or 0),
                        "next": self.port + 1 if self.port >= 1024 else 8000,
                    }
                ) from error

    def web_command(self) -> list[str]:
        """Granian; without the kill timeout a signal during its start would be lost for good."""
        return [
            sys.executable, "-m", "granian", "--interface", "wsgi",
            "--host", self.host, "--port", str(self.port),
            "--workers", str(self.workers), "--blocking-threads", str(self.threads),
            "--workers-kill-timeout", "5", "--respawn-failed-workers", "--no-ws",
            "recoup.config.wsgi:application",
        ]  # fmt: skip

    def worker_command(self) -> list[str]:
        """The job worker; it ends its jobs within the time the launcher gives it."""
        return [
            sys.executable, "-m", "recoup", "manage", "procrastinate", "worker",
            "--shutdown-graceful-timeout", "15",
        ]  # fmt: skip

    def wait_for_page(self, alive: Callable[[], bool]) -> None:
        """Return when the first page has answered; raise CannotRun when it does not in time."""
        until = time.monotonic() + FIRST_PAGE_SECONDS
        status = 0
        while alive() and time.monotonic() < until:
            status = self._first_page()
            if status in {http.client.OK, http.client.MOVED_PERMANENTLY}:  # the latter: to https
                return
            time.sleep(0.1)
        raise CannotRun(
            _("The web server does not answer as it should (%(status)s); see var/log/web.log.")
            % {"status": status or _("no answer")}
        )

    def _first_page(self) -> int:
        with contextlib.closing(http.client.HTTPConnection(self.host, self.port, timeout=30)) as to:
            try:
                to.request("GET", FIRST_PAGE, headers={"Host": f"127.0.0.1:{self.port}"})
                return to.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0


def read_site(environment: Mapping[str, str]) -> Site:
    """RECOUP_BIND, RECOUP_PORT, RECOUP_WEB_WORKERS, RECOUP_WEB_THREADS; CannotRun if senseless."""
    return Site(
        host=environment.get("RECOUP_BIND", "127.0.0.1"),
        port=_number(environment, "RECOUP_PORT", 8000, 65535),
        workers=_number(environment, "RECOUP_WEB_WORKERS", 2, 64),
        threads=_number(environment, "RECOUP_WEB_THREADS", 4, 64),
    )


def _number(environment: Mapping[str, str], name: str, usual: int, most: int) -> int:
    said = environment.get(name, "") or str(usual)
    if not said.isdecimal() or not 1 <= int(said) <= most:
        raise CannotRun(
            _("%(name)s is «%(said)s»; it must be a number from 1 to %(most)d.")
            % {"name": name, "said": said, "most": most}
        )
    return int(said)
