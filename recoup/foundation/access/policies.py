"""Which rows and columns of each table the application's database roles reach: declared data.

`applying` turns it into grants and row level security after every migration. A table that is not
declared here is closed to both roles, and a test names it. How to declare one:
docs/security/row-level-security.md.
"""

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


_WORK: Rights = (Right.WORK_CASES, Right.ASSIGN_CASES, Right.CLOSE_CASES)
_MONEY: Rights = (Right.POST_PAYMENTS, Right.REVERSE_PAYMENTS)
_MONEY_SEEN: Rights = (*_MONEY, Right.INSPECT)
_BY_ONESELF = "actor_id = (SELECT access_user())"
_POSTED = ("posted_at",)

FACTS = (
    Table(
        "parties_lender",
        any_of("id = ANY ((SELECT access_served())::bigint[])", may(Right.MANAGE_STAFF)),
        worker="SELECT, INSERT, UPDATE",
    ),
    Table(
        "parties_party",
        all_of(IN_USE, any_of(OF_LENDER, "access_sees_party(id)")),
        update=(Right.CORRECT_DATA,),
    ),
    Table(
        "parties_contactpoint",
        OF_PARTY,
        insert=(Right.CORRECT_DATA,),
        update=(Right.WORK_CASES, Right.CORRECT_DATA),
    ),
    Table(
        "parties_reveal",
        any_of(_BY_ONESELF, may(Right.SEE_AUDIT)),
        insert=(Right.REVEAL,),
        inserted=_BY_ONESELF,
        worker=APPENDS,
        why="append-only; one's own are counted against the limit",
    ),
    reference("parties_reveallimit"),
    Table(
        "contracts_contract",
        all_of(IN_USE, any_of(OF_LENDER, "access_sees_contract(id)")),
        update=(Right.CORRECT_DATA,),
    ),
    Table("contracts_contractparty", OF_CONTRACT),
    Table("vehicles_vehicle", OF_CONTRACT, update=(Right.CORRECT_DATA,)),
    reference("ledger_allocationrule"),
    Table(
        "ledger_account",
        any_of(OF_LENDER, "access_sees_contract(contract_id)"),
        update=_MONEY,
        updated=(
            "principal_open_minor",
            "unallocated_minor",
            "last_payment_on",
            "last_payment_id",
            "last_adjustment_on",
            "last_adjustment_id",
        ),
    ),
    Table(
        "ledger_due",
        OF_CONTRACT,
        update=_MONEY,
        updated=(
            "cost_paid_minor",
            "penalty_paid_minor",
            "interest_paid_minor",
            "principal_paid_minor",
            "minor_days",
            "accrued_on",
            "settled_on",
        ),
    ),
    Table(
        "ledger_payment",
        OF_CONTRACT,
        insert=(Right.POST_PAYMENTS,),
        update=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        updated=_POSTED,
        worker="SELECT, INSERT, UPDATE",
        worker_updates=_POSTED,
        why="a fact: only when it was posted is noted on it",
    ),
    Table(
        "ledger_reversal",
        OF_CONTRACT,
        insert=(Right.REVERSE_PAYMENTS,),
        update=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        updated=_POSTED,
        worker="SELECT, INSERT, UPDATE",
        worker_updates=_POSTED,
    ),
    Table("ledger_extension", OF_CONTRACT, worker=APPENDS),
    Table(
        "ledger_entry",
        any_of(OF_CONTRACT, all_of(FOR_LENDER, may(*_MONEY_SEEN))),
        insert=_MONEY,
        worker=APPENDS,
        why="append-only; what no contract has yet is the lender's",
    ),
    Table(
        "ledger_receipt",
        all_of(FOR_LENDER, may(*_MONEY_SEEN)),
        insert=(Right.POST_PAYMENTS,),
        update=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        updated=("open_minor",),
        worker="SELECT, INSERT, UPDATE",
        worker_updates=("open_minor",),
        why="money before it is known whose",
    ),
    closed("ledger_cashnumber", why="counted by a trigger on receipts, as the owner"),
    Table(
        "ledger_return",
        all_of(FOR_LENDER, may(*_MONEY_SEEN)),
        insert=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        worker=APPENDS,
    ),
    Table(
        "ledger_remittance",
        all_of(FOR_LENDER, may(*_MONEY_SEEN)),
        insert=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        worker=APPENDS,
    ),
    Table(
        "ledger_adjustment",
        OF_CONTRACT,
        insert=_MONEY,
        update=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        updated=_POSTED,
        worker="SELECT, INSERT, UPDATE",
        worker_updates=_POSTED,
        why="a fact: only when it was posted is noted on it",
    ),
    Table(
        "ledger_adjustmentreversal",
        OF_CONTRACT,
        insert=(Right.REVERSE_PAYMENTS,),
        update=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        updated=_POSTED,
        worker="SELECT, INSERT, UPDATE",
        worker_updates=_POSTED,
    ),
    Table(
        "ledger_transfer",
        OF_CONTRACT,
        insert=_MONEY,
        inserted="recorded_by = (SELECT access_user())",
        worker=APPENDS,
    ),
    Table("arrears_snapshot", any_of(OF_LENDER, "access_sees_contract(contract_id)")),
)

WORK = (
    Table(
        "cases_case",
        all_of(
            IN_USE,
            any_of(OF_LENDER, "access_holds(lender_id, collector_id, agency_id, closed_on)"),
        ),
        update=(*_WORK, Right.REVEAL),
        updated=(
            "state",
            "closed_on",
            "collector_id",
            "assigned_on",
            "agency_id",
            "last_worked_at",
            "last_result",
            "next_step",
            "next_step_on",
        ),
        worker="SELECT, INSERT, UPDATE",
    ),
    Table(
        "cases_timelineentry",
        OF_CONTRACT,
        insert=(*_WORK, *_MONEY, Right.REVEAL, Right.CORRECT_DATA),
        inserted=_BY_ONESELF,
        worker=APPENDS,
        why="append-only",
    ),
    Table(
        "assignment_worklistitem",
        any_of("collector_id = ANY ((SELECT access_mates())::bigint[])", OF_CONTRACT),
        update=_WORK,
        delete=(Right.ASSIGN_CASES,),
        updated=("taken_at", "done_at"),
    ),
    Table(
        "comms_call",
        any_of(all_of(_BY_ONESELF, may(Right.SEE_CASES)), OF_CONTRACT),
        insert=(Right.WORK_CASES,),
        inserted=_BY_ONESELF,
        touched=OF_CONTRACT,
        worker=APPENDS,
        why="append-only; one reads what one wrote, for the day's own figures",
    ),
    Table(
        "plans_promise",
        any_of(all_of("taken_by = (SELECT access_user())", may(Right.SEE_CASES)), OF_CONTRACT),
        insert=(Right.WORK_CASES,),
        update=(Right.WORK_CASES,),
        inserted="taken_by = (SELECT access_user())",
        touched=OF_CONTRACT,
        updated=("state", "decided_on"),
    ),
    reference("strategy_version"),
    reference("strategy_rule"),
    Table("strategy_decision", OF_CASE),
    Table("analytics_dayflow", all_of(OF_LENDER, may(Right.SEE_TEAM, Right.INSPECT))),
)

INTAKE = (
    Table(
        "intake_mapping",
        all_of(any_of("lender_id IS NULL", FOR_LENDER), may(Right.TAKE_IN)),
        insert=(Right.TAKE_IN,),
        update=(Right.TAKE_IN,),
        inserted="lender_id IS NOT NULL",
    ),
    Table(
        "intake_batch",
        all_of(FOR_LENDER, may(Right.TAKE_IN)),
        insert=(Right.TAKE_IN,),
        update=(Right.TAKE_IN,),
        delete=(Right.TAKE_IN,),
    ),
    Table(
        "intake_quarantinedrow",
        all_of(may(Right.TAKE_IN), OF_BATCH),
        delete=(Right.TAKE_IN,),
        why="a file that cannot be read is discarded, with what it said",
    ),
)

PEOPLE = (
    Table(
        "workforce_user",
        any_of("id = (SELECT access_user())", SIGNING_IN, "(SELECT access_in_house())"),
        insert=(Right.MANAGE_STAFF,),
        update=(),
        touched=any_of("id = (SELECT access_user())", SIGNING_IN, may(Right.MANAGE_STAFF)),
        hidden=("password",),
        worker="SELECT, INSERT, UPDATE",
        why="names of colleagues stand on every page, and whoever signs in must be found; a trigger"
        " keeps what one may change about others, a password's hash comes from access_password",
    ),
    Table("workforce_team", SIGNED_IN, (Right.MANAGE_STAFF,), (Right.MANAGE_STAFF,)),
    Table("workforce_agency", SIGNED_IN, (Right.MANAGE_STAFF,), (Right.MANAGE_STAFF,)),
    reference("workforce_role"),
    reference("workforce_roleright"),
    reference("workforce_dutyconflict"),
    Table(
        "workforce_rolechange",
        may(Right.MANAGE_STAFF, Right.SEE_AUDIT),
        insert=(Right.MANAGE_STAFF,),
        update=(Right.MANAGE_STAFF,),
        inserted="asked_by = (SELECT access_user())",
        updated=("state", "decided_by", "decided_at", "decision_reason"),
        worker=READS,
        why="a trigger keeps who decides, and gives the role what a second person approved",
    ),
    Table(
        "workforce_grant",
        any_of(OWN, may(Right.MANAGE_STAFF, Right.SEE_AUDIT)),
        insert=(Right.MANAGE_STAFF,),
        update=(Right.MANAGE_STAFF,),
        updated=("ended_at", "ended_by"),
        worker="SELECT, INSERT, UPDATE",
    ),
    closed("workforce_user_groups"),
    closed("workforce_user_user_permissions"),
    closed("auth_group"),
    closed("auth_group_permissions"),
    closed("auth_permission"),
)

FRAMEWORK = (
    plumbing("django_session", "a session is found by its key before it is known whose it is"),
    Table("django_migrations", ANYBODY, worker=READS, why="names of migrations only"),
    Table("django_content_type", ANYBODY, worker=READS, why="names of tables only"),
    plumbing("throttle_bucket", "counted before it is known who calls; keys are digests"),
    Table("foundation_jobrun", SIGNED_IN, worker="SELECT, INSERT, UPDATE"),
    Table("foundation_jobstep", SIGNED_IN, worker=APPENDS),
    Table(
        "procrastinate_jobs",
        ANYBODY,
        insert=(),
        hidden_from_web=("args",),
        why="a web process defers work and sees how it stands, not with what",
    ),
    Table("procrastinate_events", ANYBODY, insert=(), why="written by the queue's own triggers"),
    closed("procrastinate_workers", worker=EVERYTHING),
    closed("procrastinate_periodic_defers", worker=EVERYTHING),
)

_OWN_OR_SIGNING_IN = any_of(SIGNING_IN, OWN, may(Right.MANAGE_STAFF))


def factor(name: str, rows: str = _OWN_OR_SIGNING_IN) -> Table:
    """What somebody signs in with: theirs alone, and whoever's it is while nobody is in yet."""
    return Table(name, rows, (), (), (), why="read before it is known who signs in")


SIGN_IN = (
    plumbing("sign_in_session", "found by the digest of its key before it is known whose it is"),
    Table(
        "sign_in_factorsecret",
        ANYBODY,
        insert=(),
        worker="SELECT, INSERT, UPDATE, DELETE",
        why="read while somebody signs in; sealed by the vault, it says nothing without its keys",
    ),
    Table(
        "sign_in_enrolmentcode",
        any_of(OWN, may(Right.MANAGE_STAFF)),
        insert=(Right.MANAGE_STAFF,),
        update=(),
        delete=(),
        inserted="user_id <> (SELECT access_user())",
        updated=("wrong_tries",),
        why="whoever manages staff gives a code to others, never to themselves; only a digest is"
        " kept",
    ),
    Table(
        "sign_in_firstpassword",
        _OWN_OR_SIGNING_IN,
        insert=(Right.MANAGE_STAFF,),
        delete=(),
        why="asked while somebody signs in; gone when they choose a password of their own",
    ),
    plumbing("sign_in_cache", "limits and used codes are counted before anybody is in"),
    Table(
        "sign_in_servicekey",
        any_of(_OWN_OR_SIGNING_IN, may(Right.OPERATE)),
        insert=(Right.MANAGE_STAFF,),
        update=(),
        updated=("used_at", "revoked_at"),
        worker="SELECT, INSERT, UPDATE",
        why="found by its reference before it is known whose it is; only a digest is kept",
    ),
    Table("account_emailaddress", ANYBODY, worker=READS, why="always empty"),
    closed("account_emailconfirmation"),
    factor("mfa_authenticator"),
    factor("socialaccount_socialaccount"),
    Table("socialaccount_socialapp", ANYBODY, worker=READS, why="always empty"),
    closed("socialaccount_socialtoken"),
    plumbing("axes_accessattempt", "attempts are counted before anybody is in; names are digests"),
    plumbing("axes_accessattemptexpiration", "empty; Django asks it when attempts are forgotten"),
    closed("axes_accessfailurelog", worker=EVERYTHING),
    closed("axes_accesslog", worker=EVERYTHING),
)

KEPT = (
    Table(
        "vault_datakey",
        any_of("lender_id = 0", FOR_LENDER),
        insert=(),
        update=(),
        why="wrapped under a key that no database holds; the installation's own open what is needed"
        " to sign in",
    ),
    closed("vault_rotation", worker=EVERYTHING),
    Table(
        "filestore_content",
        FOR_LENDER,
        insert=(),
        update=(),
        updated=("sealed_key", "erased_at"),
        worker="SELECT, INSERT, UPDATE",
    ),
    Table(
        "filestore_file",
        any_of(
            all_of("contract_id IS NOT NULL", OF_CONTRACT),
            all_of("contract_id IS NULL", FOR_LENDER),
        ),
        insert=(),
        update=(),
        updated=("erased_at", "erased_for", "keep_until"),
        worker="SELECT, INSERT, UPDATE",
        why="what a file was stays known; a trigger keeps the rest of the row",
    ),
    Table(
        "custody_item",
        any_of(
            "holder_id = (SELECT access_user())",
            all_of(FOR_LENDER, may(Right.KEEP_CUSTODY, Right.SEE_TEAM, Right.INSPECT)),
        ),
        insert=(Right.KEEP_CUSTODY,),
        update=(Right.KEEP_CUSTODY,),
        updated=("state", "holder_id", "due_on", "place"),
        worker="SELECT, INSERT, UPDATE",
    ),
    Table(
        "custody_movement",
        all_of(FOR_LENDER, may(Right.KEEP_CUSTODY, Right.INSPECT)),
        insert=(Right.KEEP_CUSTODY,),
        inserted=_BY_ONESELF,
        worker=APPENDS,
        why="append-only",
    ),
    Table(
        "audit_event",
        all_of(
            may(Right.SEE_AUDIT, Right.INSPECT),
            any_of(
                FOR_LENDER,
                all_of(
                    "lender_id IS NULL",
                    any_of("contract_ids IS NULL", "(SELECT access_everywhere())"),
                ),
            ),
        ),
        worker=READS,
        why="written by audit_record alone; what concerns contracts of several lenders is read by"
        " whoever sees them all",
    ),
    Table(
        "audit_former",
        all_of(may(Right.INSPECT), FOR_LENDER),
        worker=READS,
        why="written by the watch alone; what was masked stays masked",
    ),
    Table("audit_head", may(Right.SEE_AUDIT), worker=READS),
    Table("audit_anchor", may(Right.SEE_AUDIT), worker=APPENDS),
    reference("exports_rowlimit"),
    Table(
        "exports_export",
        any_of(
            "asked_by = (SELECT access_user())",
            all_of(FOR_LENDER, may(Right.APPROVE_EXPORTS, Right.SEE_AUDIT)),
        ),
        insert=(Right.EXPORT,),
        update=(Right.EXPORT, Right.APPROVE_EXPORTS),
        inserted="asked_by = (SELECT access_user())",
        updated=("state", "decided_by", "decided_at", "decision_reason"),
        hidden_from_web=("secret", "sketch"),
        worker="SELECT, INSERT, UPDATE",
        why="a trigger keeps who decides; what keys the hidden marks is for the worker alone",
    ),
    Table(
        "exports_download",
        any_of(_BY_ONESELF, may(Right.APPROVE_EXPORTS, Right.SEE_AUDIT)),
        insert=(Right.EXPORT,),
        inserted=_BY_ONESELF,
        worker=APPENDS,
    ),
)

_KEEPS_PRIVACY: Rights = (Right.KEEP_PRIVACY,)
_PRIVATE = all_of(FOR_LENDER, may(Right.KEEP_PRIVACY))


def register(name: str, rows: str = _PRIVATE, worker: str = READS) -> Table:
    """A register of those who keep privacy; triggers keep what was written."""
    return Table(name, rows, _KEEPS_PRIVACY, _KEEPS_PRIVACY, worker=worker)


PRIVACY = (
    Table(
        "privacy_retentionrule",
        all_of(any_of("lender_id IS NULL", FOR_LENDER), may(Right.KEEP_PRIVACY)),
        insert=_KEEPS_PRIVACY,
        update=_KEEPS_PRIVACY,
        inserted="lender_id IS NOT NULL",
        worker=READS,
    ),
    register("privacy_legalhold"),
    Table(
        "privacy_restriction",
        _PRIVATE,
        insert=_KEEPS_PRIVACY,
        update=_KEEPS_PRIVACY,
        inserted="placed_by = (SELECT access_user())",
        updated=("lifted_by", "lifted_at", "lifted_reason"),
        worker="SELECT, INSERT, UPDATE",
        worker_updates=("lifted_by", "lifted_at", "lifted_reason"),
        why="who and what it means carry it on their rows, by a trigger",
    ),
    register("privacy_erasurerun", may(Right.KEEP_PRIVACY), "SELECT, UPDATE"),
    Table("privacy_erasureitem", _PRIVATE, worker=APPENDS, why="changed by access_sweep alone"),
    reference("privacy_requestterm"),
    register("privacy_datarequest"),
    register("privacy_consentwording", may(Right.KEEP_PRIVACY)),
    register("privacy_consent"),
    Table(
        "privacy_use",
        SIGNED_IN,
        update=_KEEPS_PRIVACY,
        updated=("ground", "citation", "wording_code", "reason", "changed_by", "changed_at"),
        worker=READS,
        why="grounds of law: nothing personal; who keeps privacy records another one",
    ),
    register("privacy_assessment", may(Right.KEEP_PRIVACY)),
)

_OF_WEBHOOKS = all_of(FOR_LENDER, may(Right.KEEP_WEBHOOKS))
_KEEPS_WEBHOOKS: Rights = (Right.KEEP_WEBHOOKS,)

WEBHOOKS = (
    Table(
        "webhooks_subscription",
        _OF_WEBHOOKS,
        insert=_KEEPS_WEBHOOKS,
        update=_KEEPS_WEBHOOKS,
        updated=("state", "failures", "failing_since", "rest_until"),
        worker="SELECT, UPDATE",
    ),
    Table(
        "webhooks_secret",
        _OF_WEBHOOKS,
        insert=_KEEPS_WEBHOOKS,
        update=_KEEPS_WEBHOOKS,
        delete=_KEEPS_WEBHOOKS,
        updated=("ends_at",),
        hidden_from_web=("sealed",),
        worker="SELECT, UPDATE",
        why="shown once when it is made; only the worker opens it, to sign",
    ),
    Table(
        "webhooks_event",
        _OF_WEBHOOKS,
        insert=_KEEPS_WEBHOOKS,
        inserted="kind = 'webhook.test'",
        worker="SELECT, DELETE",
        why="written by triggers on what the product writes; by hand a test alone",
    ),
    Table(
        "webhooks_delivery",
        _OF_WEBHOOKS,
        insert=_KEEPS_WEBHOOKS,
        update=_KEEPS_WEBHOOKS,
        delete=_KEEPS_WEBHOOKS,
        updated=("state", "tries", "next_at"),
        worker="SELECT, UPDATE, DELETE",
    ),
)

TABLES = {
    table.name: table
    for group in (FACTS, WORK, INTAKE, PEOPLE, FRAMEWORK, SIGN_IN, KEPT, PRIVACY, WEBHOOKS)
    for table in group
}
