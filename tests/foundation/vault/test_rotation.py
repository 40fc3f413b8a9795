"""Keys change while others read and write: nothing becomes unreadable, nothing is lost."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.foundation import db, vault
from recoup.foundation.access.context import as_system
from recoup.foundation.vault import rewrapping, rotation
from recoup.foundation.vault.envelope import key_of
from recoup.foundation.vault.models import DataKey, Rotation
from recoup.foundation.vault.refusals import OldKeyInUse, RotationRunning
from recoup.foundation.vault.rules import RotationState
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.parties.sealing import NAME, VALUE, PersonalData
from tests.factories import make_lender, make_party

PEOPLE = 60


@pytest.fixture
def people() -> list[int]:
    """Sixty borrowers of one lender, and one of another."""
    make_party("别家客户", lender_id=make_lender("bieja"), phone="13900009999")
    return [make_party(f"客户{n}", phone=f"1380000{n:04d}", id_number=f"ID-{n:012d}")
            for n in range(PEOPLE)]  # fmt: skip


@pytest.fixture(autouse=True)
def job() -> Iterator[None]:
    with as_system("test"):
        yield


def names() -> dict[int, str]:
    """Every name of the lender, opened."""
    lender = make_lender()
    rows = list(Party.objects.filter(lender_id=lender).values_list("id", "ref", "name_sealed"))
    texts = vault.open_all(((sealed, f"{NAME}/{ref}") for _, ref, sealed in rows), lender_id=lender)
    return {row[0]: text.decode() for row, text in zip(rows, texts, strict=True)}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch) -> None:
    """Searches here look up the keys and ask within a moment."""
    monkeypatch.setattr(rotation, "SETTLE_SECONDS", 0.2)


def keys_in_use(lender: int) -> set[int]:
    """The data keys under which the lender's people are sealed."""
    parties = Party.objects.filter(lender_id=lender)
    points = ContactPoint.objects.filter(party__lender_id=lender)
    sealed = [
        *parties.values_list("name_sealed", flat=True),
        *parties.exclude(id_number_sealed=None).values_list("id_number_sealed", flat=True),
        *points.values_list("value_sealed", flat=True),
    ]
    return {key_of(bytes(value)) for value in sealed}


@pytest.mark.django_db(transaction=True)
def test_a_new_key_seals_everything_of_this_lender_and_nothing_of_another(people):
    lender, other = make_lender(), make_lender("bieja")
    before, theirs = keys_in_use(lender), keys_in_use(other)
    known = names()

    assert rotation.rotate(lender, most=7) is RotationState.DONE

    after = keys_in_use(lender)
    assert len(after) == 1
    assert not after & before
    assert keys_in_use(other) == theirs
    assert names() == known == dict(zip(people, (f"客户{n}" for n in range(PEOPLE)), strict=True))
    assert rotation.progress() == []


@pytest.mark.django_db(transaction=True)
def test_an_index_finds_the_same_person_after_a_rotation(people):
    lender = make_lender()
    found = Party.objects.get(name_index=vault.index("客户7", lender_id=lender, field="name")).pk
    rotation.rotate(lender)

    again = Party.objects.get(name_index=vault.index("客户7", lender_id=lender, field="name")).pk
    assert again == found == people[7]


@pytest.mark.django_db(transaction=True)
def test_a_rotation_that_is_stopped_or_killed_goes_on_where_it_was(people):
    lender = make_lender()

    def stop_soon(column: str, rows: int) -> None:
        if rows > 20:
            rotation.stop(lender)

    def die_soon(column: str, rows: int) -> None:
        if rows > 60:
            raise KeyboardInterrupt

    assert rotation.rotate(lender, most=7, tell=stop_soon) is RotationState.STOPPED
    (stood,) = rotation.progress()
    assert (stood.state, stood.rows, len(keys_in_use(lender))) == (RotationState.STOPPED, 21, 2)
    assert stood.left_over == 3 * PEOPLE - 21
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(lender, most=7, tell=die_soon)
    assert names()[people[0]] == "客户0"

    assert rotation.rotate(lender, most=7) is RotationState.DONE
    assert len(keys_in_use(lender)) == 1
    assert Rotation.objects.get().rows == 3 * PEOPLE


@pytest.mark.django_db(transaction=True)
def test_two_processes_do_not_change_one_lenders_keys_at_once(people):
    lender = make_lender()
    refused = []

    def meanwhile(column: str, rows: int) -> None:
        def second() -> None:
            with as_system("test"):
                try:
                    rotation.rotate(lender)
                except RotationRunning as no:
                    refused.append(no)
                finally:
                    connection.close()

        if not refused:
            with_thread(second)

    assert rotation.rotate(lender, most=50, tell=meanwhile) is RotationState.DONE
    assert len(refused) == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_done_when_they_let_go(people):
    lender = make_lender()
    holds, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with db.use_case():
            Party.objects.select_for_update().get(pk=people[3])
            holds.set()
            let_go.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(20)
    threading.Timer(0.5, let_go.set).start()
    assert rotation.rotate(lender) is RotationState.DONE
    holder.join()
    assert let_go.is_set()
    assert len(keys_in_use(lender)) == 1


@pytest.mark.django_db(transaction=True)
@settings(max_examples=5, deadline=None)
@given(portion=st.integers(1, 40), seed=st.integers(0, 10_000), rounds=st.integers(1, 3))
def test_nothing_is_unreadable_or_lost_while_others_read_and_write(portion, seed, rounds):
    Rotation.objects.all().delete()
    ids = [make_party(f"客户{n}", phone=f"1380000{n:04d}") for n in range(PEOPLE)]
    lender = make_lender()
    world = World(ids, lender, seed)
    with world.at_work(readers=2, writers=2):
        for _ in range(rounds):
            assert rotation.rotate(lender, most=portion) is RotationState.DONE
    assert world.faults == []
    assert world.reads > 0
    assert world.writes > 0
    now = names()
    assert {party: now[party] for party in ids} == world.said
    rotation.rotate(lender)
    assert len(keys_in_use(lender)) == 1


class World:
    """Readers who open what they find; writers who correct names, some under the key of before."""

    def __init__(self, ids: list[int], lender: int, seed: int) -> None:
        self.ids, self.lender, self.seed = ids, lender, seed
        self.said = {party: f"客户{n}" for n, party in enumerate(ids)}
        self.refs = dict(Party.objects.filter(pk__in=ids).values_list("pk", "ref"))
        self.locks = {party: threading.Lock() for party in ids}
        self.faults: list[str] = []
        self.reads = self.writes = 0
        self.over = threading.Event()

    @contextmanager
    def at_work(self, *, readers: int, writers: int) -> Iterator[None]:
        """Everybody works while this lasts."""
        works = [self._read] * readers + [self._write] * writers
        threads = [
            threading.Thread(target=self._alone, args=(work, n)) for n, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join(30)

    def _alone(self, work, number: int) -> None:
        draw = random.Random(self.seed + number)  # noqa: S311 - a test is to be repeatable
        try:
            with as_system("test"):
                while not self.over.is_set():
                    batch = PersonalData.of(self.lender)  # of before, once the key has changed
                    for _ in range(10):
                        work(draw, batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            self.faults.append(repr(error))
        finally:
            connection.close()

    def _read(self, draw: random.Random, batch: PersonalData) -> None:
        party = draw.choice(self.ids)
        with self.locks[party]:  # so that what is read can be compared with what was written
            (sealed,) = Party.objects.filter(pk=party).values_list("name_sealed", flat=True)
            about = f"{NAME}/{self.refs[party]}"
            text = vault.open(sealed, lender_id=self.lender, about=about)
            if text != self.said[party]:
                self.faults.append(f"{text} is not {self.said[party]}")
        point = ContactPoint.objects.filter(party_id=party).get()
        about = f"{VALUE}/{self.refs[party]}/{point.kind}"
        vault.open(point.value_sealed, lender_id=self.lender, about=about)
        self.reads += 1

    def _write(self, draw: random.Random, batch: PersonalData) -> None:
        party, name = draw.choice(self.ids), f"改名{draw.randrange(10**6)}"
        sealed, masked, index = batch.name(self.refs[party], name)
        with self.locks[party]:
            Party.objects.filter(pk=party).update(
                name_sealed=sealed, name_masked=masked, name_index=index
            )
            self.said[party] = name
        self.writes += 1


@pytest.mark.django_db(transaction=True)
def test_an_old_data_key_is_destroyed_only_when_nothing_needs_it(people):
    lender = make_lender()
    stale = PersonalData.of(lender)
    rotation.rotate(lender)
    tomorrow = timezone.now() + timedelta(days=2)
    sealed, _, _ = stale.name(Party.objects.get(pk=people[0]).ref, "迟到的名字")
    Party.objects.filter(pk=people[0]).update(name_sealed=sealed)

    assert rotation.drop_unused(at=tomorrow) == 0
    rotation.rotate(lender)
    assert rotation.drop_unused(at=timezone.now()) == 0  # some process may still seal under it
    assert rotation.drop_unused(at=tomorrow) == 2
    assert names()[people[0]] == "迟到的名字"
    assert DataKey.objects.filter(lender_id=lender, purpose="SEAL").count() == 1


@pytest.fixture
def own_key_file(settings, tmp_path, monkeypatch):
    """A data folder of its own, with its own key file."""
    settings.VAR = tmp_path
    monkeypatch.delenv("RECOUP_KEK", raising=False)


@pytest.mark.django_db
def test_a_new_key_encrypting_key_touches_nothing_that_is_sealed(own_key_file, people):
    sealed = bytes(Party.objects.get(pk=people[0]).name_sealed)
    known = names()
    present = rewrapping.add_to_file()
    with pytest.raises(OldKeyInUse):
        rewrapping.forget_old()
    assert names() == known

    assert rewrapping.rewrap() == 4  # two lenders, to seal and to index
    assert rewrapping.forget_old() == 1
    assert {one.keeper for one in rewrapping.keys_by_keeper()} == {present}
    assert names() == known
    assert bytes(Party.objects.get(pk=people[0]).name_sealed) == sealed
    assert rewrapping.rewrap() == 0


def with_thread(work) -> None:
    """Do it elsewhere and wait for it."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
