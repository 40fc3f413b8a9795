"""A process as production sets it up: behind TLS and one proxy, with a host name of its own."""

import os
import subprocess
import sys

DEPLOYED = {
    "RECOUP_HTTPS": "1", "RECOUP_PROXIES": "1", "RECOUP_HOSTS": "recoup.test",
    "RECOUP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}  # fmt: skip


def in_production(code: str, **more: str) -> str:
    """What it prints, or what it says when it fails. It has no database."""
    outside = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=outside | DEPLOYED | {"DJANGO_SETTINGS_MODULE": "recoup.config.settings"} | more,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout or done.stderr
