"""An event's text and the hash over it: computed by the database, and again here to verify."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it stands in its chain; `at_us` in microseconds since 1970, texts as hashed."""

    chain: int
    number: int
    at_us: int
    actor_id: int | None
    system: str
    db_role: str
    act: str
    subject: str
    subject_id: int | None
    lender_id: int | None
    contract_ids: str
    facts: str
    previous: bytes
    hash: bytes


def beginning(chain: int) -> bytes:
    """The hash before a chain's first event."""
    return hashlib.sha256(f"recoup audit chain {chain}".encode()).digest()


def hash_of(link: Link) -> bytes:
    """The hash an event must have. One field per line, the only free text last."""
    fields = (
        link.chain,
        link.number,
        link.at_us,
        link.actor_id,
        link.system,
        link.db_role,
        link.act,
        link.subject,
        link.subject_id,
        link.lender_id,
        link.contract_ids,
        link.facts,
    )
    text = "\n".join("" if field is None else str(field) for field in fields)
    return hashlib.sha256(link.previous + text.encode()).digest()
