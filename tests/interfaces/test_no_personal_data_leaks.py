"""Marked people go through intake, pages, searches and errors: no log, table or answer keeps them.

The marks are looked for in every table of the database (as text and as bytes), in everything that
was logged, in the folder of files, and in the pages that refuse or fail.
"""

import json
import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from recoup.foundation import db
from recoup.foundation.request_log import JsonLines
from recoup.interfaces.web.views import search
from recoup.interfaces.worker.intake_tasks import take_in_upload
from recoup.modules.contracts.models import Contract
from recoup.modules.intake.models import Batch
from recoup.modules.parties.models import ContactPoint, Party
from tests.factories import AT_TEN, make_case, make_collector, make_finished_night, make_lender

NAME, OTHER, STRAY = "漏漏标记甲", "漏漏标记乙", "漏漏标记丙"
ID, PHONE = "990101199001019876", "19955667788"
ADDRESS, EMPLOYER = "标记路七十七号三零一室", "标记实业有限公司"
MARKS = (NAME, OTHER, STRAY, ID, PHONE, ADDRESS, EMPLOYER)
PARTIES = (
    "party_ref,name,id_number,employer,born_on\n"
    f"KH-1,{NAME},{ID},{EMPLOYER},1990-01-01\n"
    f"KH-2,{OTHER},,,{STRAY}\n"  # a name stands where a day belongs
    f"KH-1,{NAME},{ID},{EMPLOYER},1990-01-01\n"
)
CONTACTS = (
    "party_ref,kind,value\n"
    f"KH-1,手机,{PHONE}\nKH-1,手机,{PHONE}\nKH-1,地址,{ADDRESS}\nKH-9,手机,{PHONE}\n"
    f"KH-1,{STRAY},1\n"
)
CONTRACTS = (
    "contract_number,borrower_ref,borrower_name,principal,annual_rate,term_months,"
    "signed_on,first_due_on\n"
    f"HT-1,KH-1,{NAME},12000.00,8.4,12,2026-01-31,2026-02-28\n"
    f"HT-2,KH-3,{OTHER},{STRAY},8.4,12,2026-01-31,2026-02-28\n"
)
BROKEN = f'party_ref,name\nKH-4,"{OTHER}\nKH-5,{OTHER},{PHONE},{ADDRESS}\n'


class Kept(logging.Handler):
    """Every line as it would be written, from the level at which a site may run."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[Kept]:
    """All loggers, none of them silenced, and the console as production sets it up.

    Other tests' servers put handlers of their own beside it, which would print what ours does not.
    """
    kept, root = Kept(), logging.getLogger()
    before, handlers = root.level, root.handlers
    console = logging.StreamHandler()
    console.setFormatter(JsonLines())
    root.handlers = [kept, console]
    root.setLevel(logging.INFO)
    yield kept
    root.handlers = handlers
    root.setLevel(before)


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(client: Client, content: str, kind: str, name: str = "file.csv") -> str:
    """Through the page and the worker; what the batch's page says then."""
    file = SimpleUploadedFile(name, content.encode())
    client.post("/intake", {"lender": "anda", "kind": kind, "file": file})
    batch = Batch.objects.latest("id")
    more = {"schedule_from_terms": "on"} if kind == "contracts" else {}
    client.post(f"/intake/{batch.pk}/start", {"mapping": "standard", **more})
    take_in_upload.func(batch_id=batch.pk)
    return str(client.get(f"/intake/{batch.pk}").text)


def take_everything_in() -> list[str]:
    """The marked files, two of them with faults of every kind; the pages about them."""
    make_lender()
    clerk = make_collector("lin_qing", "林青", role="INTAKE")
    client = Client()
    client.force_login(clerk)
    return [
        upload(client, PARTIES, "parties"),
        upload(client, CONTACTS, "contacts"),
        upload(client, CONTRACTS, "contracts"),
        upload(client, BROKEN, "parties"),
    ]


def work_on_it(monkeypatch) -> list[str]:
    """Read the case, search by every mark, see a number, send forms with marks, and fail."""
    make_finished_night()
    liu = make_collector()
    contract = Contract.objects.get(number="HT-1")
    make_case(contract.pk, collector=liu)
    client = Client(raise_request_exception=False)
    client.force_login(liu)
    point = ContactPoint.objects.get(kind="MOBILE").pk
    case = f"/contracts/{contract.pk}"
    pages = [client.get("/").text, client.get(f"{case}/case").text, client.get("/cases").text]
    for mark in MARKS:
        found = client.get("/search", {"q": mark}).text
        pages.append(re.sub(r'value="[^"]*"|“[^”]*”', "", found))  # what was typed may be repeated
    assert client.post(f"{case}/show", {"purpose": "LETTER", "reason": "寄信"}).status_code == 200
    assert client.post(f"{case}/number", {"contact_point": point}).status_code == 200
    pages.append(client.post(f"{case}/number", {"contact_point": f"{point}{PHONE}"}).text)
    pages.append(client.post(f"{case}/show", {"purpose": NAME, "reason": ""}).text)
    pages.append(client.get("/nowhere", {"name": NAME}).text)

    def fail(text: str, **asked: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [text])

    monkeypatch.setattr(search.lists, "search", fail)
    failed = client.get("/search", {"q": NAME})
    assert failed.status_code == 500
    return [*pages, failed.text]


def in_tables() -> list[str]:
    """Each table and mark of which it holds a trace: plain, as bytes, or as base64 in a text."""
    tables = db.ask(
        "SELECT quote_ident(relname) AS name FROM pg_class"
        " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    traces = {mark: _forms(mark) for mark in MARKS}
    found = []
    for table in tables:
        rows = "\n".join(
            str(row["row"]) for row in db.ask(f"SELECT t::text AS row FROM {table['name']} t")
        )
        found += [
            f"{table['name']}: {mark}"
            for mark, forms in traces.items()
            if any(form in rows for form in forms)
        ]
    return found


def _forms(mark: str) -> tuple[str, ...]:
    escaped = json.dumps(mark)[1:-1]
    plain = mark.encode()
    # Base64 of a text inside another begins at one of three places.
    inside = [b64encode(b"\0" * shift + plain).decode()[4:-4] for shift in range(3)]
    return (mark, escaped, escaped.replace("\\", "\\\\"), plain.hex(), *inside)


def test_the_search_for_traces_finds_every_form_of_a_mark():
    for text in (NAME, json.dumps({"a": NAME}), f"\\x{NAME.encode().hex()}",
                 b64encode(f"x{NAME}yz".encode()).decode()):  # fmt: skip
        assert any(form in text for form in _forms(NAME)), text


@pytest.mark.django_db(transaction=True)
def test_marked_people_leave_no_trace_in_tables_logs_files_or_refusals(
    logged, folder, monkeypatch, capfd
):
    with time_machine.travel(AT_TEN, tick=False):
        pages = take_everything_in()
        assert (Party.objects.count(), ContactPoint.objects.count()) == (1, 2)
        assert Batch.objects.filter(rows_bad__gt=0).count() >= 3
        pages += work_on_it(monkeypatch)

    assert in_tables() == []
    text = "\n".join(logged.lines)
    assert "DataError" in text  # the failure is there, without what it was about
    assert [mark for mark in MARKS if mark in text] == []
    printed = capfd.readouterr()
    assert [mark for mark in MARKS if mark in printed.out + printed.err] == []
    kept = [file for file in folder.rglob("*") if file.is_file()]
    assert [f.name for f in kept for m in MARKS if m.encode() in f.read_bytes()] == []
    shown = [(mark, at) for at, page in enumerate(pages) for mark in MARKS if mark in page]
    # A stray name in a column of days is what the clerk must see to put the file right.
    assert {mark for mark, _ in shown} <= {STRAY}
    assert all(at < 4 for _, at in shown)
