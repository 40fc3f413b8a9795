"""What was forgotten is listed outside, and a restored database forgets it again."""

import json

import pytest

from recoup.core.refusals import Refused
from recoup.foundation.access.context import as_system
from recoup.foundation.audit.models import Event
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.privacy import erased, services
from recoup.modules.privacy.models import ErasureItem
from recoup.modules.privacy.rules import HoldScope
from recoup.modules.vehicles.models import Vehicle
from tests.factories import AT_TEN, BUSINESS_DAY

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = AT_TEN.replace(hour=3)


def let_go(archive) -> int:
    run = archive.listed()
    archive.approved(run)
    archive.forgotten(run, batch=1)
    return run


def test_the_list_holds_what_was_done_and_numbers_only(archive, outside):
    with archive.as_cao():
        services.place_hold(
            scope=HoldScope.PERSON, subject_id=archive.lin, lender_id=archive.lender,
            reason="complaint came in", reference="", until=None, actor_id=archive.cao.pk,
            at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip
    run = let_go(archive)

    (file,) = outside.glob("erased-*.json")
    said = json.loads(json.loads(file.read_text())["text"])
    done = ErasureItem.objects.filter(run_id=run, state="DONE")
    assert said["erased"] == run
    assert [tuple(item[:2]) for item in said["items"]] == list(
        done.order_by("id").values_list("kind", "subject_id")
    )
    assert ("THIRD_PERSON", archive.lin) not in {tuple(item[:2]) for item in said["items"]}
    assert not list(outside.glob("*.part"))


def test_a_database_from_before_forgets_it_again_and_nothing_else(archive, outside):
    before = list(Party.objects.order_by("id").values())
    car = Vehicle.objects.filter(contract_id=archive.wangs).values().get()
    points = list(ContactPoint.objects.values_list("party_id", flat=True))
    let_go(archive)
    items = erased.since(BEFORE, outside)
    for row in before:  # what a restore brings back
        Party.objects.filter(pk=row["id"]).update(**row)
    Vehicle.objects.filter(pk=car["id"]).update(**car)

    with as_system("restore"):
        assert erased.forget_again(items) == 3

    names = dict(Party.objects.values_list("id", "name_masked"))
    assert (names[archive.wang], names[archive.lin]) == ("***", "***")
    assert names[archive.chen] == "陈*"
    forgotten = Vehicle.objects.filter(contract_id=archive.wangs).values().get()
    assert car["plate_masked"] != forgotten["plate_masked"] == ""
    assert points.count(archive.chen) == ContactPoint.objects.filter(party=archive.chen).count()
    assert Event.objects.filter(act="PERSON_FORGOTTEN", facts__again=True).count() == 1


def test_what_was_forgotten_before_the_backup_is_not_done_again(archive, outside):
    let_go(archive)

    assert erased.since(AT_TEN, outside) == [], "its number may be somebody else's by now"


@pytest.mark.parametrize("change", ["another number", "cut", "another key"])
def test_a_list_that_is_not_ours_forgets_nobody(archive, outside, change):
    let_go(archive)
    (file,) = outside.glob("erased-*.json")
    if change == "another number":
        file.write_text(file.read_text().replace(f",{archive.wang},", f",{archive.chen},"))
    elif change == "cut":
        file.write_text(file.read_text()[:-9])
    else:
        (outside.parent / "keys" / "audit_ed25519").unlink()

    with pytest.raises(Refused):
        erased.since(BEFORE, outside)


def test_an_empty_folder_says_nothing(tmp_path):
    assert erased.since(BEFORE, tmp_path) == []
