"""Other rights for a role: asked for by one, approved by a second, and by the database held so."""

from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from recoup.foundation.access import entering
from recoup.foundation.access.context import Access, NotAllowed, SecondFactorNeeded, held
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.access.roles import Role as DatabaseRole
from recoup.foundation.audit.models import Event
from recoup.modules.exports import queries as exports
from recoup.modules.workforce import queries, rules, services
from recoup.modules.workforce.models import Grant, RoleChange, RoleRight, User
from recoup.modules.workforce.models import Role as RoleRow
from recoup.modules.workforce.rules import ChangeState, Holder, RoleOffered
from tests.declared import conflicts
from tests.factories import AT_TEN, BUSINESS_DAY, make_collector, make_grant, make_lender
from tests.support.roles import working_as

db = pytest.mark.django_db
CLOSING = RoleOffered("CLOSING", "ALL", False, frozenset({"SEE_CASES", "CLOSE_CASES"}))
refuse = partial(
    rules.refuse_unsound_change, conflicts=conflicts(), holders=(), by=1, other_managers=0
)


class Pair:
    """Wu Jun and Li Na, operators: one asks, the other decides."""

    def __init__(self) -> None:
        self.wu = make_collector("wu_jun", "吴军", role="OPERATOR")
        self.li = make_collector("li_na", "李娜", role="OPERATOR")

    def ask(self, role: str, *rights: str, by: User | None = None, reason: str = "人手不足") -> int:
        return services.ask_role_change(
            role=role, rights=rights, reason=reason, actor_id=(by or self.wu).pk, at=AT_TEN,
            today=BUSINESS_DAY,
        )  # fmt: skip

    def make(self, name: str, based_on: str, *rights: str) -> int:
        return services.ask_new_role(
            based_on=based_on,
            name=name,
            rights=rights,
            reason="新组",
            actor_id=self.wu.pk,
            at=AT_TEN,
        )

    def decide(self, change: int, *, approve: bool = True, by: User | None = None) -> None:
        services.decide_role_change(
            change_id=change, approve=approve, reason="同意", actor_id=(by or self.li).pk,
            at=AT_TEN, today=BUSINESS_DAY,
        )  # fmt: skip


@pytest.fixture
def pair() -> Pair:
    return Pair()


def rights_of(role: str) -> set[str]:
    return set(queries.role_offered(role).rights)


def test_a_sound_change_passes():
    refuse(CLOSING, frozenset({"SEE_CASES", "CLOSE_CASES", "KEEP_CUSTODY"}))


@pytest.mark.parametrize(
    ("role", "wanted", "more", "no"),
    [
        (CLOSING, CLOSING.rights, {}, rules.RightsUnchanged),
        (CLOSING, {"CLOSE_CASES", "WORK_CASES"}, {}, rules.DutiesConflict),
        (
            CLOSING,
            CLOSING.rights | {"KEEP_CUSTODY"},
            {"holders": [Holder(1, "何平", frozenset())]},
            rules.OwnRoleWider,
        ),
        (
            CLOSING,
            {"POST_PAYMENTS"},
            {"holders": [Holder(9, "何平", frozenset({"CORRECT_DATA"}))]},
            rules.DutiesJoined,
        ),
        (
            RoleOffered("OPERATOR", "NONE", False, frozenset({"MANAGE_STAFF", "OPERATE"})),
            {"OPERATE"},
            {"other_managers": 1},
            rules.NobodyLeft,
        ),
        (
            RoleOffered("LENDER", "LENDER", False, frozenset({"SEE_CASES"})),
            {"SEE_CASES", "OPERATE"},
            {},
            rules.RightOfTheHouse,
        ),
    ],
)
def test_an_unsound_change_is_refused_by_name(role, wanted, more, no):
    with pytest.raises(no):
        refuse(role, frozenset(wanted), **more)


def test_who_holds_a_role_may_ask_for_less_of_it():
    refuse(CLOSING, frozenset({"SEE_CASES"}), holders=[Holder(1, "何平", frozenset())])


def test_a_name_is_needed_and_nobody_elses():
    assert rules.sound_role_name("  Night   desk ", ["FINANCE"]) == "Night desk"
    for name in ("", "   ", "finance", "x" * 41):
        with pytest.raises(rules.RoleNameUnsound):
            rules.sound_role_name(name, ["FINANCE"])


@db
def test_a_change_waits_and_changes_nothing_until_a_second_person_approves(pair):
    change = pair.ask("CLOSING", "SEE_CASES", "CLOSE_CASES")
    assert "KEEP_CUSTODY" in rights_of("CLOSING")
    pair.decide(change)
    assert rights_of("CLOSING") == {"SEE_CASES", "CLOSE_CASES"}
    (row,) = queries.role_changes(waiting=False)
    assert (row.asked_name, row.decided_name, row.taken) == ("吴军", "李娜", ["KEEP_CUSTODY"])


@db
def test_it_holds_at_the_next_request(pair):
    he = make_collector("he_ping", "何平", role="CLOSING")
    before = entering.enter(he.pk, on=BUSINESS_DAY, has_second_factor=False)
    pair.decide(pair.ask("CLOSING", "SEE_CASES"))
    after = entering.enter(he.pk, on=BUSINESS_DAY, has_second_factor=False)
    entering.leave()
    assert before.access.may(Right.CLOSE_CASES)
    assert not after.access.may(Right.CLOSE_CASES)


@db
def test_the_record_says_who_and_what_was_before_and_after(pair):
    change = pair.ask("CLOSING", "SEE_CASES")
    pair.decide(change)
    event = Event.objects.get(act="ROLE_CHANGED")
    assert event.facts == {
        "role": "CLOSING",
        "asked_by": pair.wu.pk,
        "before": ["CLOSE_CASES", "KEEP_CUSTODY", "SEE_CASES"],
        "after": ["SEE_CASES"],
    }
    assert Event.objects.filter(act="CHANGED", subject="workforce_roleright").exists()


@db
def test_nobody_approves_their_own_change(pair):
    change = pair.ask("CLOSING", "SEE_CASES")
    with pytest.raises(rules.OwnChange):
        pair.decide(change, by=pair.wu)
    assert "CLOSE_CASES" in rights_of("CLOSING")
    assert RoleChange.objects.get().state == "WAITING"


@db
def test_a_refused_and_a_withdrawn_change_change_nothing_and_stay_decided(pair):
    refused = pair.ask("CLOSING", "SEE_CASES")
    pair.decide(refused, approve=False)
    taken_back = pair.ask("CLOSING", "SEE_CASES")
    with pytest.raises(rules.NotOwnChange):
        services.withdraw_role_change(change_id=taken_back, actor_id=pair.li.pk, at=AT_TEN)
    services.withdraw_role_change(change_id=taken_back, actor_id=pair.wu.pk, at=AT_TEN)
    for change in (refused, taken_back):
        with pytest.raises(rules.ChangeDecided):
            pair.decide(change)
    assert "CLOSE_CASES" in rights_of("CLOSING")


@db
def test_what_is_no_right_is_not_asked_for(pair):
    with pytest.raises(rules.RightsUnknown):
        pair.ask("CLOSING", "SEE_CASES", "FLY")
    assert not RoleChange.objects.exists()


@db
def test_a_second_change_waits_for_the_first(pair):
    pair.ask("CLOSING", "SEE_CASES")
    with pytest.raises(rules.ChangeWaits):
        pair.ask("CLOSING", "SEE_CASES", "CLOSE_CASES")
    assert RoleChange.objects.count() == 1


@db
def test_nobody_asks_or_approves_more_for_a_role_they_hold(pair):
    wider = ("MANAGE_STAFF", "OPERATE", "KEEP_CUSTODY")
    with pytest.raises(rules.OwnRoleWider):
        pair.ask("OPERATOR", *wider)
    desk = pair.make("Night desk", "OPERATOR", "MANAGE_STAFF")
    pair.decide(desk)
    night = make_collector("zhou_bo", "周波", role=f"OWN_{desk}")
    change = pair.ask("OPERATOR", *wider, by=night)
    with pytest.raises(rules.OwnRoleWider):
        pair.decide(change)
    assert rights_of("OPERATOR") == {"MANAGE_STAFF", "OPERATE"}


@db
def test_the_right_to_manage_staff_is_not_taken_from_all(pair):
    with pytest.raises(rules.NobodyLeft):
        pair.ask("OPERATOR", "OPERATE")
    assert not RoleChange.objects.exists()


@db
def test_a_holder_who_would_join_duties_is_named(pair):
    sun = make_collector("sun_yi", "孙怡", role="ENTRY")
    make_grant(sun, "INTAKE")
    with pytest.raises(rules.DutiesJoined) as no:
        pair.ask("ENTRY", "SEE_CASES", "REVERSE_PAYMENTS")
    assert no.value.params == {"name": "孙怡", "first": "REVERSE_PAYMENTS", "second": "TAKE_IN"}


@db
def test_what_became_unsound_meanwhile_is_not_approved(pair):
    change = pair.ask("ENTRY", "SEE_CASES", "KEEP_CUSTODY", "REVERSE_PAYMENTS")
    sun = make_collector("sun_yi", "孙怡", role="ENTRY")
    make_grant(sun, "INTAKE")
    with pytest.raises(rules.DutiesJoined):
        pair.decide(change)
    assert "REVERSE_PAYMENTS" not in rights_of("ENTRY")


@db
def test_a_role_of_ones_own_is_made_and_given_like_any_other(pair):
    change = pair.make("夜班结案", "CLOSING", "SEE_CASES")
    assert len(RoleRow.objects.filter(name="夜班结案")) == 0
    pair.decide(change)
    role = queries.role_offered(f"OWN_{change}")
    assert (role.words, role.reach, role.rights) == ("夜班结案", "ALL", {"SEE_CASES"})
    he = User.objects.create(username="he_ping", display_name="何平")
    services.grant(
        user_id=he.pk,
        role=role.code,
        reason="夜班",
        actor_id=pair.wu.pk,
        at=AT_TEN,
        today=BUSINESS_DAY,
    )
    assert queries.people(user_id=he.pk)[0].role_words == ("夜班结案",)
    assert queries.grants(user_id=he.pk)[0].role == "夜班结案"
    assert exports.roles_of(he.pk, BUSINESS_DAY) == ("CLOSING",)
    with pytest.raises(rules.RoleNameUnsound):
        pair.make("夜班结案", "CLOSING", "SEE_CASES")


@db
@pytest.mark.parametrize("role", sorted(rules.NOT_COPIED))
def test_no_role_is_made_from_a_services_or_a_borrowers(pair, role):
    with pytest.raises(rules.NotCopied):
        pair.make("X", role, "SEE_CASES")


@db
def test_who_may_not_manage_staff_asks_nothing(pair):
    chen = Access(user_id=1, rights=frozenset({Right.OPERATE}), reach=Reach.NONE)
    weak = Access(user_id=1, rights=frozenset({Right.MANAGE_STAFF}), reach=Reach.NONE)
    for somebody, no in ((chen, NotAllowed), (weak, SecondFactorNeeded)):
        with held(somebody), pytest.raises(no):
            pair.ask("CLOSING", "SEE_CASES")
    assert not RoleChange.objects.exists()


def decide_behind_the_product(change: int, by: int) -> None:
    RoleChange.objects.filter(pk=change).update(
        state=ChangeState.APPROVED, decided_by_id=by, decided_at=AT_TEN
    )


@db
def test_the_database_lets_nobody_approve_their_own(pair):
    change = pair.ask("CLOSING", "SEE_CASES")
    with pytest.raises(IntegrityError, match="nobody_decides_their_own"), transaction.atomic():
        decide_behind_the_product(change, pair.wu.pk)
    assert "CLOSE_CASES" in rights_of("CLOSING")


@db
@pytest.mark.parametrize(
    ("role", "rights", "said"),
    [
        ("OPERATOR", ["MANAGE_STAFF", "OPERATE", "KEEP_CUSTODY"], "which they hold"),
        ("OPERATOR", ["OPERATE"], "fewer than two"),
        ("CLOSING", ["CLOSE_CASES", "WORK_CASES"], "would join"),
    ],
)
def test_the_database_refuses_what_the_service_would(pair, role, rights, said):
    before = rights_of(role)
    change = RoleChange.objects.create(
        role=role, rights_before=sorted(before), rights_after=rights, reason="x",
        asked_by=pair.wu, asked_at=AT_TEN,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        decide_behind_the_product(change.pk, pair.li.pk)
    assert rights_of(role) == before


@db
def test_the_database_applies_only_to_the_rights_that_were_seen(pair):
    change = RoleChange.objects.create(
        role="CLOSING", rights_before=["SEE_CASES"], rights_after=["SEE_CASES", "KEEP_CUSTODY"],
        reason="x", asked_by=pair.wu, asked_at=AT_TEN,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="since this was asked"), transaction.atomic():
        decide_behind_the_product(change.pk, pair.li.pk)
    assert "CLOSE_CASES" in rights_of("CLOSING")


@db
def test_what_was_asked_and_decided_stays(pair):
    change = pair.ask("CLOSING", "SEE_CASES")
    for act in (
        "UPDATE workforce_rolechange SET rights_after = '{CLOSE_CASES}'",
        "DELETE FROM workforce_rolechange",
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            connection.cursor().execute(act)
    pair.decide(change)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        connection.cursor().execute("UPDATE workforce_rolechange SET state = 'REFUSED'")
    assert RoleChange.objects.get().state == "APPROVED"


@db
@pytest.mark.parametrize("role", [DatabaseRole.WEB, DatabaseRole.WORKER])
def test_no_process_gives_a_role_rights_by_itself(pair, role):
    with working_as(role):
        if role is DatabaseRole.WEB:
            entering.enter(pair.wu.pk, on=BUSINESS_DAY, has_second_factor=True)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            RoleRight.objects.create(role_id="CLOSING", right_code="EXPORT")
    entering.leave()
    assert "EXPORT" not in rights_of("CLOSING")


@db
def test_a_page_decides_in_nobody_elses_name(pair):
    change = pair.ask("CLOSING", "SEE_CASES")
    with working_as(DatabaseRole.WEB):
        entering.enter(pair.wu.pk, on=BUSINESS_DAY, has_second_factor=True)
        with pytest.raises((IntegrityError, InternalError), match="another"), transaction.atomic():
            decide_behind_the_product(change, pair.li.pk)
        entering.leave()
    assert RoleChange.objects.get().state == "WAITING"


@db
def test_a_services_role_and_a_persons_do_not_mix():
    bank = User.objects.create_user("bank", password=None, is_service=True)
    sun = User.objects.create(username="sun_yi", display_name="孙怡")
    give = partial(services.grant, reason="x", actor_id=None, at=AT_TEN, today=BUSINESS_DAY)
    for user, role in ((bank, "FINANCE"), (sun, "SERVICE")):
        with pytest.raises(rules.RoleForPeople):
            give(user_id=user.pk, role=role)
        with pytest.raises(IntegrityError, match="is not for"), transaction.atomic():
            make_grant(user, role, lender_id=make_lender())
    assert not Grant.objects.exists()


@db
def test_a_service_never_gets_a_password():
    bank = User.objects.create_user("bank", password=None, is_service=True)
    bank.set_password("a-long-test-password")
    with pytest.raises(IntegrityError, match="a_service_has_no_password"), transaction.atomic():
        bank.save(update_fields=["password"])
