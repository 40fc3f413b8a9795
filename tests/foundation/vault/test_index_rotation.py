"""The key of the blind indexes changes while others search and write: everybody is found always."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.foundation import db, vault
from recoup.foundation.access.context import as_system
from recoup.foundation.vault import indexing, rotation
from recoup.foundation.vault.fields import index_columns
from recoup.foundation.vault.models import DataKey, Rotation
from recoup.foundation.vault.rules import Purpose, RotationState
from recoup.modules.intake import services as intake
from recoup.modules.intake.rules import RowKind
from recoup.modules.parties import queries as parties
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.parties.sealing import PersonalData
from recoup.modules.vehicles import queries as vehicles
from recoup.modules.vehicles.models import Vehicle
from tests.factories import make_contract, make_lender, make_party, make_vehicle

PEOPLE = 40
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def job(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(rotation, "SETTLE_SECONDS", 0.5)
    with as_system("test"):
        yield


@pytest.fixture
def people() -> list[int]:
    """Forty borrowers of one lender with a car each, and one of another lender."""
    make_party("别家客户", lender_id=make_lender("bieja"), phone="13900009999")
    return many()


def many() -> list[int]:
    ids = [
        make_party(f"客户{n}", phone=f"1380000{n:04d}", id_number=f"ID-{n:012d}")
        for n in range(PEOPLE)
    ]
    for n, party in enumerate(ids):
        contract = make_contract(borrower_id=party, number=f"HT-{n}")
        make_vehicle(contract, plate=f"沪A{n:05d}", vin=f"LSV{n:014d}")
    return ids


def index_keys(lender: int) -> list[int]:
    return list(
        DataKey.objects.filter(lender_id=lender, purpose="INDEX")
        .order_by("id").values_list("id", flat=True)
    )  # fmt: skip


def keys_in_use(lender: int) -> set[int]:
    """The keys under which anything of the lender is indexed, in whatever column."""
    question = (
        "SELECT DISTINCT substring(t.{column} FOR 4) AS head FROM {table} t"
        " CROSS JOIN LATERAL ({whose}) AS n (lender, ref)"
        " WHERE t.{column} <> '' AND n.lender = %(lender)s"
    )
    found = set()
    for one in index_columns():
        asked = question.format(column=one.column, table=one.table, whose=one.whose)
        found |= {int.from_bytes(row["head"]) for row in db.ask(asked, {"lender": lender})}
    return found


def found_by(text: str) -> set[int]:
    """Whom search would find by a name, a number, a plate or a VIN."""
    indexers = vault.seen_indexers()
    person, car = parties.blind_indexes(text, indexers), vehicles.blind_indexes(text, indexers)
    rows = db.ask(
        "SELECT id FROM parties_party WHERE name_index = ANY(%(names)s)"
        "    OR id_number_index = ANY(%(ids)s)"
        " UNION SELECT party_id FROM parties_contactpoint WHERE value_index = ANY(%(phones)s)"
        " UNION SELECT k.borrower_id FROM vehicles_vehicle v"
        "  JOIN contracts_contract k ON k.id = v.contract_id"
        " WHERE v.plate_index = ANY(%(plates)s) OR v.vin_index = ANY(%(vins)s)",
        {
            "names": list(person.names), "ids": list(person.id_numbers),
            "phones": list(person.phones), "plates": list(car.plates), "vins": list(car.vins),
        },
    )  # fmt: skip
    return {row["id"] for row in rows}


def test_a_new_key_indexes_everything_of_this_lender_and_the_old_one_is_destroyed(people):
    lender, other = make_lender(), make_lender("bieja")
    (before,), theirs = index_keys(lender), keys_in_use(other)
    assert keys_in_use(lender) == {before}

    assert rotation.rotate(lender, Purpose.INDEX, most=7) is RotationState.DONE

    (now,) = index_keys(lender)
    assert now != before
    assert keys_in_use(lender) == {now}
    assert keys_in_use(other) == theirs == set(index_keys(other))
    for text in ("客户7", "13800000007", "ID-000000000007", "沪A00007", "LSV00000000000007"):
        assert found_by(text) == {people[7]}, text
    assert rotation.progress() == []


def test_it_is_stopped_killed_and_goes_on_and_everybody_is_found_meanwhile(people):
    lender = make_lender()

    def stop_soon(column: str, rows: int) -> None:
        if rows > 20:
            rotation.stop(lender)

    def die_soon(column: str, rows: int) -> None:
        if rows > 60:
            raise KeyboardInterrupt

    assert rotation.rotate(lender, Purpose.INDEX, most=7, tell=stop_soon) is RotationState.STOPPED
    (stood,) = rotation.progress()
    assert (stood.purpose, stood.state, stood.rows) == (Purpose.INDEX, RotationState.STOPPED, 21)
    assert stood.left_over == 5 * PEOPLE - 21
    assert keys_in_use(lender) == set(index_keys(lender))
    assert len(index_keys(lender)) == 2
    assert [found_by(f"1380000{n:04d}") for n in range(PEOPLE)] == [{one} for one in people]
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(lender, Purpose.INDEX, most=7, tell=die_soon)
    assert [found_by(f"客户{n}") for n in range(PEOPLE)] == [{one} for one in people]

    assert rotation.rotate(lender, Purpose.INDEX, most=7) is RotationState.DONE
    assert len(index_keys(lender)) == 1
    assert Rotation.objects.get().rows == 5 * PEOPLE


def test_a_rotation_of_what_seals_leaves_the_indexes_as_they_are(people):
    lender = make_lender()
    before = bytes(Party.objects.get(pk=people[0]).name_index)
    assert rotation.rotate(lender) is RotationState.DONE
    assert bytes(Party.objects.get(pk=people[0]).name_index) == before


def test_whoever_was_forgotten_stays_forgotten_and_stops_no_rotation(people):
    lender = make_lender()
    Party.objects.filter(pk=people[3]).update(name_sealed=b"", name_index=b"")

    assert rotation.rotate(lender) is RotationState.DONE
    assert rotation.rotate(lender, Purpose.INDEX) is RotationState.DONE

    forgotten = Party.objects.get(pk=people[3])
    assert (bytes(forgotten.name_sealed), bytes(forgotten.name_index)) == (b"", b"")


def test_a_lender_without_indexes_gets_no_key(people):
    assert rotation.rotate(0, Purpose.INDEX) is RotationState.DONE
    assert index_keys(0) == []


def test_a_new_key_waits_for_whoever_writes_indexes(people):
    lender, (before,) = make_lender(), index_keys(make_lender())
    given_up = threading.Event()

    def rotate() -> None:
        with as_system("test"):
            rotation.rotate(lender, Purpose.INDEX)
        given_up.set()
        connection.close()

    with indexing.writing(lender):
        thread = threading.Thread(target=rotate)
        thread.start()
        assert not given_up.wait(1.5)
        assert index_keys(lender) == [before]
    thread.join(30)
    assert given_up.is_set()
    assert before not in index_keys(lender)


CONTACTS = "party_ref,kind,value\nKH-1,手机,13800000000\nKH-1,手机,+86 138-0000-0000\n"
PARTIES = (
    "party_ref,name,id_number,born_on,employer\nKH-1,王芳,310101199001011234,1990-01-01,上海示例\n"
)
VEHICLES = "contract_number,make,plate,vin\nHT-1,比亚迪,浙A12345,LSV00000000000099\n"


def test_a_file_that_comes_in_the_middle_finds_everything_unchanged(tmp_path: Path):
    lender = make_lender("anda")

    def take(text: str, kind: RowKind, name: str):
        file = tmp_path / f"{name}.csv"
        file.write_text(text)
        return intake.take_in(
            path=file, lender_code="anda", kind=kind, actor_id=None, at=timezone.now(),
            mapping={"standard": True, "tables": {kind.value: {"columns": {}, "repeats": "first"}}},
        )  # fmt: skip

    take(PARTIES, RowKind.PARTIES, "p")
    take(CONTACTS, RowKind.CONTACTS, "c")
    make_contract(borrower_id=Party.objects.get(ref="KH-1").pk, number="HT-1", lender_id=lender)
    take(VEHICLES, RowKind.VEHICLES, "v")
    (old,) = index_keys(lender)

    def stop_at_once(column: str, rows: int) -> None:
        rotation.stop(lender)

    assert rotation.rotate(lender, Purpose.INDEX, most=1, tell=stop_at_once) == "STOPPED"
    assert old in keys_in_use(lender)
    for text, kind in (
        (PARTIES, RowKind.PARTIES), (CONTACTS, RowKind.CONTACTS), (VEHICLES, RowKind.VEHICLES),
    ):  # fmt: skip
        batch = take(text + "\n", kind, f"{kind}-again")  # another file with the same rows
        assert (batch.rows_good, batch.rows_bad) == (0, 0), kind

    assert ContactPoint.objects.count() == 1
    assert Vehicle.objects.count() == 1
    assert old not in keys_in_use(lender)  # the files were about everything there is


@settings(max_examples=4, deadline=None)
@given(portion=st.integers(1, 40), seed=st.integers(0, 10_000), rounds=st.integers(1, 2))
def test_everybody_is_found_while_others_search_and_write(portion, seed, rounds):
    Rotation.objects.all().delete()
    Vehicle.objects.all().delete()
    prefix = f"{seed}-{portion}-{rounds}"
    ids = [make_party(f"客{prefix}户{n}", phone=f"1380000{n:04d}") for n in range(PEOPLE)]
    lender = make_lender()
    world = World(ids, lender, seed, prefix)
    with world.at_work(readers=2, writers=2):
        for _ in range(rounds):
            assert rotation.rotate(lender, Purpose.INDEX, most=portion) is RotationState.DONE
            assert rotation.rotate(lender, most=portion) is RotationState.DONE
    assert world.faults == []
    assert world.reads > 0
    assert world.writes > 0
    assert {party: found_by(name) for party, name in world.said.items()} == {
        party: {party} for party in ids
    }
    assert keys_in_use(lender) == set(index_keys(lender))
    assert len(index_keys(lender)) == 1


class World:
    """Readers who search for somebody by name; writers who rename them."""

    def __init__(self, ids: list[int], lender: int, seed: int, prefix: str) -> None:
        self.ids, self.lender, self.seed, self.prefix = ids, lender, seed, prefix
        self.said = {party: f"客{prefix}户{n}" for n, party in enumerate(ids)}
        self.refs = dict(Party.objects.filter(pk__in=ids).values_list("pk", "ref"))
        self.locks = {party: threading.Lock() for party in ids}
        self.faults: list[str] = []
        self.reads = self.writes = 0
        self.over = threading.Event()

    @contextmanager
    def at_work(self, *, readers: int, writers: int) -> Iterator[None]:
        """Everybody works while this lasts."""
        works = [self._search] * readers + [self._write] * writers
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
                    work(draw)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            self.faults.append(repr(error))
        finally:
            connection.close()

    def _search(self, draw: random.Random) -> None:
        party = draw.choice(self.ids)
        with self.locks[party]:  # so that what is found can be compared with what was written
            if found_by(self.said[party]) != {party}:
                self.faults.append(f"{self.said[party]} is not found")
        self.reads += 1

    def _write(self, draw: random.Random) -> None:
        """As a file does: the index key stays while what is made under it is not written."""
        with indexing.writing(self.lender):
            data = PersonalData.of(self.lender)
            for _ in range(10):
                party, name = draw.choice(self.ids), f"改{self.prefix}名{draw.randrange(10**9)}"
                sealed, masked, index = data.name(self.refs[party], name)
                with self.locks[party]:
                    Party.objects.filter(pk=party).update(
                        name_sealed=sealed, name_masked=masked, name_index=index
                    )
                    self.said[party] = name
                self.writes += 1
