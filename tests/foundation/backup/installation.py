"""An installation of its own: folder, database, keys, store; used by processes, as in life."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PORTFOLIO = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from recoup.foundation import audit
from recoup.foundation.access.context import as_system
from recoup.foundation.audit import Act, anchoring
from recoup.foundation.filestore import services
from recoup.foundation.filestore.rules import Purpose
from recoup.foundation.filestore.services import About
from tests import factories
from tests.foundation.filestore import contents
with as_system("test"):
    for code, name in (("anda", "安达汽车金融"), ("borui", "博瑞融资租赁")):
        lender = factories.make_lender(code, name)
        contract = factories.make_contract(number=f"{code}-1", lender_id=lender)
        factories.make_case(contract, collector=factories.make_collector(f"c_{code}"))
        for seconds in (1, 30, 60):
            services.put([contents.wav(seconds)], lender_id=lender, purpose=Purpose.RECORDING,
                         actor_id=1, at=timezone.now(), about=About("call", seconds, contract))
        audit.record(Act.CASE_SEEN, "contract", contract, lender_id=lender)
    anchoring.anchor(at=timezone.now())
"""
FACTS = """
import django
django.setup()
from django.apps import apps
from recoup.foundation import db, vault
from recoup.foundation.access.context import as_system
from recoup.foundation.filestore import queries, services
from recoup.modules.parties.models import Party
with as_system("test"):
    for model in sorted(apps.get_models(), key=lambda m: m._meta.db_table):
        table = model._meta.db_table
        if table.startswith(("audit_", "django_", "procrastinate_")):
            continue
        rows = db.ask(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS said"
                      f" FROM {table} t")
        print(table, rows[0]["said"])
    for party in Party.objects.order_by("id"):
        about = f"parties_party.name_sealed/{party.ref}"
        print(vault.open(party.name_sealed, lender_id=party.lender_id, about=about))
    for n in range(1, 7):
        print(len(b"".join(services.read(n).pieces)))
"""


class Installation:
    """A data folder, and recoup's commands upon it."""

    def __init__(self, var: Path) -> None:
        self.var = var

    def environment(self) -> dict[str, str]:
        known = {
            k: v for k, v in os.environ.items() if not k.startswith(("RECOUP_", "DJANGO_", "AWS_"))
        }
        return known | {
            "RECOUP_VAR": str(self.var),
            "RECOUP_LANG": "en",
            "RECOUP_DATABASE_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "recoup.config.settings",
        }

    def recoup(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "recoup", *map(str, arguments)],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip

    def python(self, script: str) -> str:
        """Run a script while the installation's database runs; what it printed."""
        held = (
            script
            if "RECOUP_DATABASE_URL" in self.environment()
            else (
                "from pathlib import Path\nimport os\n"
                "from recoup.foundation import embedded_postgres\n"
                "with embedded_postgres.running(Path(os.environ['RECOUP_VAR'])):\n"
                f"    exec({script!r})\n"
            )
        )
        done = subprocess.run(
            [sys.executable, "-c", held],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def made(self) -> "Installation":
        """With tables and a small portfolio of two lenders, files, an anchor."""
        done = self.recoup("manage", "migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        self.python(PORTFOLIO)
        return self

    def facts(self) -> str:
        """Every row of every table, the names opened, the files' lengths."""
        return self.python(FACTS)
