"""Backups go when their term is over, and an older one forgets again what was forgotten since."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from recoup.foundation.audit.models import Event
from recoup.foundation.backup import manifest, restoring, rotation, writing
from recoup.foundation.backup.manifest import Manifest
from recoup.foundation.backup.parts import BackupKey
from recoup.foundation.backup.refusals import PastItsTerm
from recoup.modules.privacy.rules import months_later
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.foundation.backup.installation import Installation
from tests.foundation.backup.test_backup import TABLES

KEY, OTHER = BackupKey(b"k" * 32, False), BackupKey(b"o" * 32, False)
FORGETTING = """
import django
django.setup()
from datetime import date
from django.utils import timezone
from recoup.foundation.access.context import as_system
from recoup.modules.parties.models import Party
from recoup.modules.privacy import jobs
from recoup.modules.privacy.models import ErasureItem, ErasureRun
wang = Party.objects.order_by("id").first()
run = ErasureRun.objects.create(as_of=date(2026, 11, 20), state="APPROVED", planned_by=1,
    planned_at=timezone.now(), approved_by=2, approved_at=timezone.now(),
    lender_ids=[wang.lender_id])
from recoup.modules.contracts.models import Contract
from recoup.modules.ledger.models import Due
from recoup.modules.cases.models import Case
contract = Contract.objects.get(borrower=wang)
Due.objects.filter(contract_id=contract.pk).update(settled_on=date(2010, 1, 1))
Case.objects.filter(contract_id=contract.pk).update(state="CURED", closed_on=date(2010, 1, 1))
Contract.objects.filter(pk=contract.pk).update(state="SETTLED")
ErasureItem.objects.create(run=run, kind="OBLIGOR", subject_id=wang.pk, lender_id=wang.lender_id,
    ended_on=date(2010, 1, 1), due_on=date(2020, 1, 1))
with as_system("privacy"):
    print(jobs.forget(run_id=run.pk, clock=timezone.now))
print(Party.objects.get(pk=wang.pk).name_masked)
"""
NAMES = """
import django
django.setup()
from recoup.modules.parties.models import ContactPoint, Party
for party in Party.objects.order_by("id"):
    print(party.name_masked, ContactPoint.objects.filter(party=party).count())
"""


def made(place: Path, keep_until: date | None, key: BackupKey = KEY) -> Path:
    """A backup's folder, as far as rotation looks into it."""
    place.mkdir()
    said = Manifest("ab", AT_TEN, 170000, (), {}, 0, 0, 0, False, keep_until)
    writing.write_part(place, manifest.MANIFEST, [said.written()], key)
    return place


@pytest.mark.django_db
def test_what_is_past_its_term_goes_and_nothing_else(tmp_path):
    day = timedelta(days=1)
    old = made(tmp_path / "old", BUSINESS_DAY - day)
    kept = [
        made(tmp_path / "last-day", BUSINESS_DAY),
        made(tmp_path / "without-a-term", None),
    ]
    others = made(tmp_path / "others", BUSINESS_DAY - day, OTHER)
    (tmp_path / "letters").mkdir()
    (tmp_path / "old.gone-12345678").mkdir()

    done = rotation.prune(folder=tmp_path, key=KEY, today=BUSINESS_DAY)

    assert (done.removed, done.kept, done.unopened) == ([old], kept, [others])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "last-day", "letters", "others", "without-a-term",
    ]  # fmt: skip
    assert Event.objects.get(act="BACKUP_REMOVED").facts == {"backup": "ab"}


def test_one_past_its_term_is_restored_only_when_it_is_said(tmp_path):
    old = restoring.opened(made(tmp_path / "old", BUSINESS_DAY), KEY).manifest

    restoring.refuse_past(old, BUSINESS_DAY)
    with pytest.raises(PastItsTerm):
        restoring.refuse_past(old, BUSINESS_DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 22), 1, date(2026, 12, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.slow
def test_who_was_forgotten_after_the_backup_is_gone_again_when_it_is_restored(tmp_path):
    house = Installation(tmp_path / "var").made()
    key, keys, backup = tmp_path / "key", tmp_path / "keys", tmp_path / "backups" / "monday"
    assert house.recoup("backup", "key", key).returncode == 0
    opened_by = ("--key-file", key)
    saved = house.recoup("backup", "make", backup, *opened_by, "--keys-to", keys)
    assert saved.returncode == 0, saved.stderr
    assert "It is kept until" in saved.stdout
    before = house.python(NAMES).splitlines()
    assert house.python(FORGETTING).split() == ["1", "***"]
    lists = house.var / "anchors"

    other = Installation(tmp_path / "other")
    done = other.recoup("restore", backup, *opened_by, "--keys", keys, "--erased", lists)

    assert done.returncode == 0, done.stderr
    assert "1 items that were forgotten since" in done.stdout
    assert other.python(NAMES).splitlines() == ["*** 0", *before[1:]]
    assert before[0] != "*** 0"

    changed = tmp_path / "changed"
    changed.mkdir()
    (file,) = lists.glob("erased-*.json")
    said = json.loads(file.read_text())
    said["text"] = said["text"].replace('"OBLIGOR"', '"THIRD_PERSON"')
    (changed / file.name).write_text(json.dumps(said))
    third = Installation(tmp_path / "third")
    refused = third.recoup("restore", backup, *opened_by, "--keys", keys, "--erased", changed)

    assert refused.returncode == 2
    assert "privacy_erased_list_unproved" in refused.stderr
    assert third.python(TABLES) == "0\n", "nothing is restored that could not be forgotten again"
