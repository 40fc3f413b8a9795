"""Verification: everything is computed again from what the tables hold, in one snapshot.

The hashes are computed here and the digests by the server's own functions: a function of ours that
somebody replaced in the database is not asked, but found.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from recoup.foundation import db
from recoup.foundation.audit import anchoring, tables
from recoup.foundation.audit.anchoring import Anchor
from recoup.foundation.audit.chains import Link, beginning, hash_of
from recoup.foundation.audit.faults import Finding
from recoup.foundation.audit.signing import is_signed, load_key

CHAINS = 16
BATCH = 5_000
ANCHORS_AT_ONCE = 200
EVENTS = """
SELECT chain, number, (extract(epoch FROM at) * 1000000)::bigint, actor_id, system, db_role, act,
       subject, subject_id, lender_id, coalesce(array_to_string(contract_ids, ','), ''),
       facts::text, previous, hash
  FROM audit_event ORDER BY chain, number
"""
COUNTED = "SELECT sum(number)::bigint AS count FROM audit_head"
HEADS = "SELECT chain, number, hash FROM audit_head ORDER BY chain"
SIGNED = """
SELECT w.chain, w.number, encode(e.hash, 'hex') AS hash
  FROM unnest(%s::int[], %s::bigint[]) AS w(chain, number)
  LEFT JOIN audit_event e ON e.chain = w.chain AND e.number = w.number
"""

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much was looked at, and what was found."""

    events: int
    anchors: int
    tables: int
    rows: int
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What is wrong; with none the record stands."""
        return tuple(f for f in self.findings if f.is_fault)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What is not wrong and worth knowing."""
        return tuple(f for f in self.findings if not f.is_fault)


def verify(*, tell: Tell = lambda what, done, of: None, key_file: Path | None = None) -> Verdict:
    """Verify chains, heads, anchors, watched tables and the watch itself; changes nothing.

    `tell` hears what is being looked at, how far it is and of how much. Raises AuditKeyMissing
    where there are anchors and no key to verify them with.
    """
    is_first = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_first:  # else whoever opened the transaction answers for what it sees
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        last = dict[int, tuple[int, bytes]]()
        found = list(_chains(last, tell))
        found += _heads(last)
        inside, outside = anchoring.kept_inside(), anchoring.kept_outside()
        found += _anchors(inside, outside, key_file or anchoring.key_file(), tell)
        found += _latest(key_file or anchoring.key_file())
        found += _newer(last, inside)
        looked = tables.verify(tell)
        return Verdict(
            events=sum(number for number, _ in last.values()),
            anchors=len(inside),
            tables=looked.tables,
            rows=looked.rows,
            findings=(*found, *looked.findings),
        )


def _chains(last: dict[int, tuple[int, bytes]], tell: Tell) -> Iterator[Finding]:
    """Every event against its own hash and the one before it; fills in where each chain ends."""
    expected = db.ask(COUNTED)[0]["count"] or 0
    for done, link in enumerate(_events(), start=1):
        number, hash_ = last.get(link.chain, (0, beginning(link.chain)))
        if link.number != number + 1:
            yield Finding(
                "events_missing",
                {"chain": link.chain, "first": number + 1, "last": link.number - 1},
            )
        elif link.previous != hash_:
            yield Finding("link_broken", {"chain": link.chain, "number": link.number})
        if hash_of(link) != link.hash:
            yield Finding("event_changed", {"chain": link.chain, "number": link.number})
        last[link.chain] = (link.number, link.hash)
        if done % BATCH == 0:
            tell("events", done, expected)


def _events() -> Iterator[Link]:
    """All events in order, fetched in batches so that memory stays small."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(EVENTS)
        while rows := cursor.fetchmany(BATCH):
            for row in rows:
                values: list[Any] = [bytes(v) if isinstance(v, memoryview) else v for v in row]
                yield Link(*values)


def _heads(last: dict[int, tuple[int, bytes]]) -> Iterator[Finding]:
    heads = {row["chain"]: (row["number"], bytes(row["hash"])) for row in db.ask(HEADS)}
    for chain in range(CHAINS):
        number, hash_ = last.get(chain, (0, beginning(chain)))
        if chain not in heads:
            yield Finding("chain_missing", {"chain": chain})
        elif heads[chain][0] != number:
            params = {"chain": chain, "number": number, "head": heads[chain][0]}
            yield Finding("tail_missing", params)
        elif heads[chain][1] != hash_:
            yield Finding("head_changed", {"chain": chain})


def _anchors(
    inside: list[Anchor], outside: list[Anchor], key_file: Path, tell: Tell
) -> Iterator[Finding]:
    every = {anchor.line: anchor for anchor in (*inside, *outside)}
    if not every:
        yield Finding("never_anchored")
        return
    public = load_key(key_file, may_make=False).public_key()
    honest = list[Anchor]()
    for anchor in every.values():
        if is_signed(public, anchor.text, anchor.signature):
            honest.append(anchor)
        else:
            yield Finding("anchor_unsigned", {"anchor": anchor.number})
    yield from _in_step(inside, outside)
    for start in range(0, len(honest), ANCHORS_AT_ONCE):
        tell("anchors", start, len(honest))
        yield from _contradictions(honest[start : start + ANCHORS_AT_ONCE])


def _latest(key_file: Path) -> Iterator[Finding]:
    """The heads that were laid outside seconds ago, which no anchor may hold yet."""
    latest = anchoring.latest_outside()
    if latest is None:
        return
    if not is_signed(
        load_key(key_file, may_make=False).public_key(), latest.text, latest.signature
    ):
        yield Finding("latest_unsigned")
        return
    for finding in _contradictions([latest]):
        params = {name: value for name, value in finding.params.items() if name != "anchor"}
        yield Finding(finding.code.replace("anchor", "latest"), params)


def _in_step(inside: list[Anchor], outside: list[Anchor]) -> Iterator[Finding]:
    """The table's anchors follow each other, and are those outside."""
    known = {anchor.number: anchor for anchor in inside}
    before = ""
    for anchor in inside:
        if anchor.before != before:
            yield Finding("anchor_link_broken", {"anchor": anchor.number})
        before = anchor.fingerprint
    gone = sorted({anchor.number for anchor in outside} - set(known))
    # One that was about to be committed when the power went stands outside with the next number.
    if gone and gone != [len(inside) + 1]:
        yield Finding("anchor_missing", {"first": gone[0], "last": gone[-1]})
    by_number: dict[int, set[str]] = {}
    for anchor in outside:
        by_number.setdefault(anchor.number, set()).add(anchor.text)
    for number, texts in by_number.items():
        if number in known and known[number].text not in texts:
            yield Finding("anchor_changed", {"anchor": number})
    lacking = len(set(known) - set(by_number))
    if lacking:
        yield Finding("not_outside", {"count": lacking})


def _contradictions(anchors: Iterable[Anchor]) -> Iterator[Finding]:
    """Events that are not those an anchor signed; the first anchor that says so is named."""
    signed: dict[tuple[int, int, str], Anchor] = {}
    for anchor in anchors:
        for chain, (number, hash_) in anchor.heads().items():
            signed.setdefault((chain, number, hash_), anchor)
    chains, numbers = [c for c, _, _ in signed], [n for _, n, _ in signed]
    actual = {(r["chain"], r["number"]): r["hash"] for r in db.ask(SIGNED, [chains, numbers])}
    for (chain, number, hash_), anchor in signed.items():
        now = actual[chain, number] if number else beginning(chain).hex()
        if now != hash_:
            code = "anchor_contradicted" if now else "anchor_event_gone"
            place: dict[str, Any] = {"anchor": anchor.number, "chain": chain, "number": number}
            yield Finding(code, place | {"at": f"{anchor.at:%Y-%m-%d %H:%M}"})


def _newer(last: dict[int, tuple[int, bytes]], inside: list[Anchor]) -> Iterator[Finding]:
    if not inside:
        return
    heads = inside[-1].heads()
    count = sum(max(0, number - heads.get(c, (0, ""))[0]) for c, (number, _) in last.items())
    if count:
        yield Finding("not_yet_anchored", {"count": count})
