"""What is kept beside the business: keys, files, registers, records, exports, webhooks."""

from recoup.foundation.access.policies.wording import (
    APPENDS,
    BY_ONESELF,
    EVERYTHING,
    FOR_LENDER,
    MONEY,
    OF_CONTRACT,
    READS,
    SIGNED_IN,
    Rights,
    Table,
    all_of,
    any_of,
    closed,
    may,
    reference,
)
from recoup.foundation.access.rights import Right

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
        inserted=BY_ONESELF,
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
    reference("approvals_limit"),
    Table(
        "approvals_request",
        any_of(
            "asked_by = (SELECT access_user())",
            all_of(
                FOR_LENDER,
                may(Right.APPROVE_MONEY, Right.SEE_AUDIT, Right.INSPECT),
                OF_CONTRACT,
            ),
        ),
        insert=(*MONEY, Right.WORK_CASES),
        update=(*MONEY, Right.WORK_CASES),
        inserted="asked_by = (SELECT access_user())",
        updated=(
            "state",
            "is_alone",
            "decided_by",
            "decided_at",
            "decision_reason",
            "done_at",
        ),
        worker="SELECT, INSERT, UPDATE",
        why="a trigger keeps what was asked, who decides, and within which limit",
    ),
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
        any_of(BY_ONESELF, may(Right.APPROVE_EXPORTS, Right.SEE_AUDIT)),
        insert=(Right.EXPORT,),
        inserted=BY_ONESELF,
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
