"""Staff and their rights, the framework's own tables, signing in."""

from recoup.foundation.access.policies.wording import (
    ANYBODY,
    APPENDS,
    EVERYTHING,
    OWN,
    READS,
    SIGNED_IN,
    SIGNING_IN,
    Table,
    any_of,
    closed,
    may,
    plumbing,
    reference,
)
from recoup.foundation.access.rights import Right

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
