"""Whether the web server of this machine answers: for a container's health check.

python -m recoup.interfaces.cli.alive       0 it does, 1 it does not
"""

import contextlib
import http.client
import os
import ssl
import sys

SECONDS = 4


def answers(port: int) -> bool:
    """Whether the sign-in page is there, asked as our own proxy would."""
    host = os.environ.get("RECOUP_HOSTS", "127.0.0.1").split(",")[0]
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    to = connection(port)
    with contextlib.closing(to):
        try:
            to.request("GET", "/login", headers=headers)
            return to.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


def connection(port: int) -> http.client.HTTPConnection:
    """To the server; by TLS where it ends that itself, with a certificate for another name."""
    if not os.environ.get("GRANIAN_SSL_CERTIFICATE"):
        return http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    unnamed = ssl.create_default_context()
    unnamed.check_hostname, unnamed.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=SECONDS, context=unnamed)


if __name__ == "__main__":
    sys.exit(0 if answers(int(os.environ.get("RECOUP_PORT", "8000"))) else 1)
