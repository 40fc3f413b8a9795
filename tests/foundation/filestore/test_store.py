"""What is put into the store comes out again, for those who may, and nothing is left of a no."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from recoup.foundation.access.context import NOBODY, NotAllowed
from recoup.foundation.access.rights import Right
from recoup.foundation.audit.models import Event
from recoup.foundation.filestore import queries, rules, services, upkeep
from recoup.foundation.filestore.models import Content, File
from recoup.foundation.filestore.refusals import (
    FileDamaged,
    FileErased,
    FileIsEmpty,
    FileOverLimit,
    FileUnknown,
    KindNotAllowed,
)
from recoup.foundation.filestore.rules import Purpose, PurposeRule, Verdict
from recoup.foundation.filestore.services import About
from tests.factories import AT_TEN
from tests.foundation.filestore import contents
from tests.foundation.filestore.conftest import acting, person

RECORDING = contents.wav(20)  # some 320 kB: several chunks


def put(lender_id: int, content: bytes = RECORDING, **more):
    asked = {"purpose": Purpose.RECORDING, "actor_id": 7, "at": AT_TEN} | more
    pieces = [content[at : at + 5000] for at in range(0, len(content), 5000)]
    return services.put(pieces, lender_id=lender_id, **asked)


def bytes_of(file_id: int, **part: int) -> bytes:
    return b"".join(services.read(file_id, **part).pieces)


def objects(store) -> list:
    return sorted(p for p in store.rglob("*") if p.is_file())


@pytest.mark.usefixtures("job")
class TestBringingIn:
    def test_a_recording_comes_out_as_it_went_in_and_is_known_by_its_fingerprint(self, store, anda):
        row = put(anda, about=About("call", 12, contract_id=3, keep_until=date(2029, 11, 20)))

        assert bytes_of(row.id) == RECORDING
        assert row.sha256 == hashlib.sha256(RECORDING).hexdigest()
        assert (row.size_bytes, row.kind, row.verdict) == (
            len(RECORDING), rules.Kind.WAV, Verdict.NOT_SCANNED,
        )  # fmt: skip
        assert queries.files_of(subject="call", subject_id=12) == [row]
        assert queries.files_of_contract(contract_id=3) == [row]

    def test_any_part_of_it_is_given_out(self, store, anda):
        row = put(anda)

        assert bytes_of(row.id, start=70_000, stop=200_001) == RECORDING[70_000:200_001]
        assert bytes_of(row.id, start=len(RECORDING) - 1, stop=10**9) == RECORDING[-1:]

    def test_nothing_of_the_content_and_of_its_name_is_on_the_disk(self, store, anda):
        marked = b"name,number\n" + b"WANG XIAOQIANG,13812346021\n" * 3000
        row = put(anda, marked, purpose=Purpose.INTAKE)
        (lies,) = objects(store)

        assert b"WANG" not in lies.read_bytes()
        assert row.sha256 not in str(lies)
        assert lies.stat().st_mode & 0o077 == 0

    def test_the_same_content_twice_is_kept_once_and_filed_twice(
        self, store, anda, django_capture_on_commit_callbacks
    ):
        first = put(anda)
        with django_capture_on_commit_callbacks(execute=True):
            second = put(anda, about=About("call", 13))

        assert first.content_id == second.content_id
        assert first.id != second.id
        assert len(objects(store)) == 1
        assert bytes_of(second.id) == RECORDING

    def test_the_same_content_of_two_lenders_is_two_objects_with_nothing_in_common(
        self, store, anda, borui
    ):
        mine, theirs = put(anda), put(borui)
        one, other = (path.read_bytes() for path in objects(store))

        assert mine.content_id != theirs.content_id
        assert one[:64] != other[:64]
        keys = list(Content.objects.values_list("sealed_key", flat=True))
        assert bytes(keys[0]) != bytes(keys[1])

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"", FileIsEmpty),
            (b"MZ\x90\0" + b"\0" * 500, KindNotAllowed),
            (contents.PNG, KindNotAllowed),
            (b"<!doctype html><script>", KindNotAllowed),
        ],
    )
    def test_what_is_refused_leaves_no_row_and_no_byte(self, store, anda, content, refusal):
        with pytest.raises(refusal):
            put(anda, content)

        assert not File.objects.exists()
        assert not Content.objects.exists()
        assert objects(store) == []

    def test_what_grows_too_large_on_the_way_is_refused_before_it_is_whole(
        self, store, anda, monkeypatch
    ):
        small = PurposeRule(rules.SOUNDS, rules.MEGABYTE, Right.SEE_CASES, Right.WORK_CASES)
        monkeypatch.setitem(rules.PURPOSES, Purpose.RECORDING, small)
        drawn = 0

        def endless():
            nonlocal drawn
            yield contents.wav()
            while True:
                drawn += 1
                yield b"\0" * 100_000

        with pytest.raises(FileOverLimit):
            services.put(
                endless(), lender_id=anda, purpose=Purpose.RECORDING, actor_id=7, at=AT_TEN
            )
        assert drawn < 15
        assert objects(store) == []


@pytest.mark.usefixtures("job")
class TestDamage:
    def test_a_changed_byte_a_missing_end_and_a_missing_file_are_found(self, store, anda):
        rows = [put(anda, contents.wav(n)) for n in (10, 11, 12, 13)]
        paths = {row.id: store / Content.objects.get(pk=row.content_id).object_name for row in rows}
        changed = bytearray(paths[rows[0].id].read_bytes())
        changed[70_000] ^= 1
        paths[rows[0].id].write_bytes(changed)
        paths[rows[1].id].write_bytes(paths[rows[1].id].read_bytes()[:-1])
        paths[rows[2].id].unlink()

        found = upkeep.verify()

        assert found.contents == 4
        assert [fault.content_id for fault in found.faults] == [r.content_id for r in rows[:3]]
        for row in rows[:3]:
            with pytest.raises(FileDamaged):
                bytes_of(row.id)
        assert bytes_of(rows[3].id) == contents.wav(13)

    def test_an_object_put_in_the_place_of_another_does_not_open(self, store, anda):
        one, other = put(anda, contents.wav(10)), put(anda, contents.wav(11))
        names = [Content.objects.get(pk=row.content_id).object_name for row in (one, other)]
        (store / names[0]).write_bytes((store / names[1]).read_bytes())

        with pytest.raises(FileDamaged):
            bytes_of(one.id)


class TestWhoMay:
    def test_another_lenders_person_hears_that_there_is_no_such_file(self, store, anda, borui):
        with acting(person(Right.WORK_CASES, Right.SEE_CASES, lender_ids=(anda,))):
            row = put(anda)

        seen = Event.objects.filter(act="FILE_SEEN").count()
        with acting(person(Right.SEE_CASES, lender_ids=(borui,))):
            with pytest.raises(FileUnknown):
                services.read(row.id)
            with pytest.raises(FileUnknown):
                services.erase(row.id, reason="RETENTION", at=AT_TEN)
        assert Event.objects.filter(act="FILE_SEEN").count() == seen
        with acting(person(Right.SEE_CASES, lender_ids=(anda, borui))):
            assert bytes_of(row.id) == RECORDING

    def test_nobody_brings_a_file_to_a_lender_they_do_not_serve(self, store, anda, borui):
        with (
            acting(person(Right.WORK_CASES, lender_ids=(borui,))),
            pytest.raises(FileUnknown),
        ):
            put(anda)
        assert objects(store) == []

    def test_each_purpose_asks_for_its_own_right(self, store, anda, job):
        rows = {
            Purpose.INTAKE: put(anda, contents.CSV, purpose=Purpose.INTAKE),
            Purpose.EXPORT: put(anda, contents.xlsx(), purpose=Purpose.EXPORT),
            Purpose.SUBJECT_FILE: put(anda, contents.archive(), purpose=Purpose.SUBJECT_FILE),
            Purpose.RECORDING: put(anda),
        }
        everything_else = {
            purpose: tuple(set(Right) - {rules.PURPOSES[purpose].read}) for purpose in rows
        }

        for purpose, row in rows.items():
            with (
                acting(person(*everything_else[purpose], lender_ids=(anda,))),
                pytest.raises(NotAllowed),
            ):
                services.read(row.id)
            with acting(person(rules.PURPOSES[purpose].read, lender_ids=(anda,))):
                assert bytes_of(row.id)

    def test_nobody_in_particular_reads_nothing(self, store, anda):
        with acting(person(Right.WORK_CASES, lender_ids=(anda,))):
            row = put(anda)

        with acting(NOBODY), pytest.raises(FileUnknown):
            services.read(row.id)


@pytest.mark.usefixtures("job")
class TestErasing:
    def test_an_erased_file_keeps_its_fingerprint_and_nothing_else(
        self, store, anda, django_capture_on_commit_callbacks
    ):
        row = put(anda)
        with django_capture_on_commit_callbacks(execute=True):
            services.erase_within(row.id, reason="RETENTION", at=AT_TEN)

        assert objects(store) == []
        with pytest.raises(FileErased):
            services.read(row.id)
        after = queries.file(row.id)
        assert (after.sha256, after.size_bytes, after.erased_at) == (
            row.sha256, row.size_bytes, AT_TEN,
        )  # fmt: skip
        assert Content.objects.get().sealed_key is None

    def test_content_filed_twice_stays_until_its_last_file_is_erased(
        self, store, anda, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            first, second = put(anda), put(anda, about=About("call", 13))
        with django_capture_on_commit_callbacks(execute=True):
            services.erase_within(first.id, reason="RETENTION", at=AT_TEN)

        assert bytes_of(second.id) == RECORDING
        with pytest.raises(FileErased):
            services.read(first.id)

    def test_the_same_content_may_come_again_after_it_was_erased(
        self, store, anda, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            services.erase_within(put(anda).id, reason="RETENTION", at=AT_TEN)
        again = put(anda)

        assert bytes_of(again.id) == RECORDING
        assert Content.objects.count() == 2

    def test_what_is_due_for_erasure_is_known_by_its_day(self, store, anda):
        row = put(anda, about=About(keep_until=date(2026, 11, 19)))
        put(anda, contents.wav(1), about=About(keep_until=date(2026, 11, 20)))
        put(anda, contents.wav(2))

        assert queries.due_for_erasure(as_of=date(2026, 11, 20)) == [row]

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM filestore_file",
            "UPDATE filestore_content SET sha256 = repeat('0', 64)",
            "UPDATE filestore_file SET purpose = 'DOCUMENT'",
            "TRUNCATE filestore_content CASCADE",
        ],
    )
    def test_the_database_keeps_what_a_file_was(self, store, anda, statement):
        row = put(anda)

        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert queries.file(row.id) == row


@pytest.mark.usefixtures("job")
class TestUpkeep:
    def test_what_a_killed_writer_left_goes_after_a_day_and_not_before(self, store, anda):
        row = put(anda)
        left = services.receive([contents.wav(3)], lender_id=anda, purpose=Purpose.RECORDING)
        written = (store / left.object_name).stat().st_mtime

        soon = AT_TEN.fromtimestamp(written, AT_TEN.tzinfo) + timedelta(hours=23)
        assert upkeep.tidy(at=soon) == 0
        assert upkeep.tidy(at=soon + timedelta(hours=2)) == 1
        assert not (store / left.object_name).exists()
        assert bytes_of(row.id) == RECORDING


class TestCustodyTrail:
    def test_who_brought_read_and_erased_a_file_is_on_record(self, store, anda):
        li = person(Right.WORK_CASES, Right.SEE_CASES, lender_ids=(anda,), user_id=11)
        with acting(li):
            row = put(anda, about=About(contract_id=3))
            bytes_of(row.id, start=0, stop=10)
            with pytest.raises(KindNotAllowed):
                put(anda, b"MZ\0\0")
            services.erase_within(row.id, reason="RETENTION", at=AT_TEN)

        events = Event.objects.filter(act__startswith="FILE_").order_by("number")
        assert [(e.act, e.actor_id) for e in events] == [
            ("FILE_STORED", 11), ("FILE_SEEN", 11), ("FILE_REFUSED", 11), ("FILE_FORGOTTEN", 11),
        ]  # fmt: skip
        assert events[0].facts["sha256"] == row.sha256
        assert events[1].facts["to"] == 10
