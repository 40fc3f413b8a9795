"""How a table's policy is said: its rows in SQL, who writes, what is hidden."""

from dataclasses import dataclass

from recoup.foundation.access.rights import Right

Rights = tuple[Right, ...]
# Whoever has one of these sees the cases within their reach, and what hangs on them.
SEE_CASES: Rights = (Right.SEE_CASES, Right.INSPECT)
# How long a closed case stays readable to whoever had it last: promises are judged and told then.
DAYS_OF_SIGHT = 30
# Rows a web or API process sees. `(SELECT …)` is asked once per statement; the functions are asked
# per row, and only where the cheap part says no.
NOBODY = "false"
ANYBODY = "true"
SIGNED_IN = "(SELECT access_user() IS NOT NULL)"
OWN = "user_id = (SELECT access_user())"
SIGNING_IN = "(SELECT access_user() IS NULL)"
OF_LENDER = "lender_id = ANY ((SELECT access_lenders())::bigint[])"
FOR_LENDER = "lender_id = ANY ((SELECT access_served())::bigint[])"
OF_CONTRACT = "(SELECT access_everywhere()) OR access_sees_contract(contract_id)"
OF_CASE = "(SELECT access_everywhere()) OR access_sees_case(case_id)"
OF_PARTY = "(SELECT access_everywhere()) OR access_sees_party(party_id)"
OF_BATCH = "access_sees_batch(batch_id)"
# Who sees what is kept and no longer used (docs/security/privacy.md).
SEE_LOCKED: Rights = (Right.KEEP_PRIVACY, Right.INSPECT)


def may(*rights: Right) -> str:
    """True for whoever has one of these rights; asked once per statement."""
    return f"(SELECT access_may({', '.join(repr(r.value) for r in rights)}))"


def any_of(*rows: str) -> str:
    """Rows that one of these lets through."""
    return " OR ".join(f"({row})" for row in rows)


def all_of(*rows: str) -> str:
    """Rows that all of these let through."""
    return " AND ".join(f"({row})" for row in rows)


IN_USE = any_of("NOT is_locked", may(*SEE_LOCKED))
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
APPENDS = "SELECT, INSERT"
READS = "SELECT"
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's policy.

    `rows`: what a web process sees (SQL over the row). Its writes need one of the rights named and
    stay within `rows`; None forbids them, an empty tuple asks for no right. `inserted` must hold of
    a new row beside that. `updated`, `hidden` and `hidden_from_web` name columns: the only ones a
    web process changes, those neither role reads, and those only a web process does not.
    `touched` are the rows it writes, where these are fewer than those it sees.
    `worker` is what background work and the command line may do, on every row and, where
    `worker_updates` is given, on these columns only. `why` says what is unusual.
    """

    name: str
    rows: str
    insert: Rights | None = None
    update: Rights | None = None
    delete: Rights | None = None
    inserted: str = ""
    touched: str = ""
    updated: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    hidden_from_web: tuple[str, ...] = ()
    worker: str = EVERYTHING
    worker_updates: tuple[str, ...] = ()
    why: str = ""


def reference(name: str, worker: str = READS) -> Table:
    """Data without anything personal: whoever is signed in reads it."""
    return Table(name, SIGNED_IN, worker=worker)


def plumbing(name: str, why: str, worker: str = EVERYTHING) -> Table:
    """A framework's own table which a web process needs before anybody is in."""
    return Table(name, ANYBODY, (), (), (), worker=worker, why=why)


def closed(name: str, worker: str = NOTHING, why: str = "") -> Table:
    """No web process reads or writes it."""
    return Table(name, NOBODY, worker=worker, why=why)


# What a second person grants is done in their name (recoup/modules/approvals).
GRANTS = Right.APPROVE_MONEY
MONEY: Rights = (Right.POST_PAYMENTS, Right.REVERSE_PAYMENTS, GRANTS)
BY_ONESELF = "actor_id = (SELECT access_user())"
