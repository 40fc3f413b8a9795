"""A file goes when its own day is over, unless a legal hold keeps it."""

from datetime import timedelta

import pytest

from recoup.foundation.access.context import as_system
from recoup.foundation.access.roles import Role
from recoup.foundation.filestore import services as files
from recoup.foundation.filestore.models import Content, File
from recoup.foundation.filestore.rules import Purpose
from recoup.foundation.filestore.services import About
from recoup.modules.privacy import jobs, services
from recoup.modules.privacy.rules import HoldScope
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.foundation.filestore import contents
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db(transaction=True)
YESTERDAY = BUSINESS_DAY - timedelta(days=1)


def kept(archive, seconds: int, keep_until, contract_id: int | None) -> int:
    with as_system("test"):
        return files.put(
            [contents.wav(seconds)], lender_id=archive.lender, purpose=Purpose.RECORDING,
            actor_id=1, at=AT_TEN,
            about=About("call", seconds, contract_id, keep_until=keep_until),
        ).id  # fmt: skip


def night() -> int:
    with as_system("privacy"), working_as(Role.WORKER):
        return jobs.erase_files(as_of=BUSINESS_DAY, at=AT_TEN)


def there() -> set[int]:
    return set(File.objects.filter(erased_at=None).values_list("id", flat=True))


def test_a_file_goes_on_the_day_after_its_last_and_not_before(archive):
    over = kept(archive, 1, YESTERDAY, archive.chens)
    last_day = kept(archive, 2, BUSINESS_DAY, archive.chens)
    undated = kept(archive, 3, None, archive.chens)

    assert night() == 1

    assert there() == {last_day, undated}
    gone = File.objects.get(pk=over)
    assert gone.erased_for == "term_over"
    assert Content.objects.get(pk=gone.content_id).sealed_key is None
    assert night() == 0


@pytest.mark.parametrize("scope", list(HoldScope))
def test_a_hold_on_person_contract_or_lender_keeps_it(archive, scope):
    of_chen = kept(archive, 1, YESTERDAY, archive.chens)
    of_nobody = kept(archive, 2, YESTERDAY, None)
    subjects = {
        HoldScope.PERSON: archive.chen,
        HoldScope.CONTRACT: archive.chens,
        HoldScope.LENDER: archive.lender,
    }
    with archive.as_cao():
        services.place_hold(
            scope=scope, subject_id=subjects[scope], lender_id=archive.lender,
            reason="suit is pending", reference="", until=None, actor_id=archive.cao.pk,
            at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip

    night()

    assert of_chen in there()
    assert (of_nobody in there()) is (scope is HoldScope.LENDER)
