"""`recoup manage …`: Django's own commands, with the embedded database running where needed."""

import argparse
import os
from contextlib import nullcontext

from django.conf import settings
from django.core.management import execute_from_command_line

from recoup.foundation import embedded_postgres
from recoup.foundation.access.roles import hang_up

WITHOUT_DATABASE = {"help", "version", "collectstatic", "findstatic", "diffsettings", "startapp"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Everything after `manage` is Django's."""
    parser.add_argument("command", nargs=argparse.REMAINDER)


def run(arguments: argparse.Namespace) -> int:
    """Run it; Django ends the process itself when the command refuses."""
    asked = arguments.command
    free = not asked or asked[0] in WITHOUT_DATABASE or os.environ.get("RECOUP_DATABASE_URL")
    with nullcontext() if free else embedded_postgres.running(settings.VAR):
        try:
            execute_from_command_line(["recoup manage", *asked])
        finally:
            hang_up()
    return 0
