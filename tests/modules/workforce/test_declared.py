"""The tables hold the roles, rights and conflicts that docs/security/matrix.toml declares."""

import itertools

import pytest

from recoup.foundation.access.rights import Reach, Right
from recoup.modules.workforce import queries
from recoup.modules.workforce.rules import StaffRole, first_conflict
from tests.declared import conflicts, matrix, rights_of

ROLES = sorted(matrix()["roles"])


@pytest.mark.django_db
def test_roles_and_their_rights_are_the_declared_ones():
    found = {role.code: role for role in queries.roles()}

    assert set(found) == set(ROLES) == {code.value for code in StaffRole}
    for code, role in found.items():
        declared = matrix()["roles"][code]
        assert (role.reach, role.must_expire) == (
            declared["reach"],
            declared.get("must_expire", False),
        )
        assert role.rights == rights_of(code)


@pytest.mark.django_db
def test_conflicts_are_the_declared_ones():
    assert set(queries.duty_conflicts()) == conflicts()


def test_only_known_rights_and_reaches_are_declared_and_every_right_is_somebodys():
    given = set().union(*(rights_of(role) for role in ROLES))

    assert given == {right.value for right in Right}
    assert {pair for both in conflicts() for pair in both} <= given
    assert {matrix()["roles"][role]["reach"] for role in ROLES} <= {reach.value for reach in Reach}
    assert all(a < b for a, b in conflicts())


@pytest.mark.parametrize("role", ROLES)
def test_no_role_joins_duties_that_are_apart(role):
    assert first_conflict(rights_of(role), conflicts()) is None


def test_who_watches_does_nothing_that_is_watched_and_who_gives_rights_has_none_over_debts():
    acts = {
        "WORK_CASES", "ASSIGN_CASES", "CLOSE_CASES", "POST_PAYMENTS", "REVERSE_PAYMENTS", "TAKE_IN",
        "CORRECT_DATA", "REVEAL", "EXPORT", "APPROVE_EXPORTS", "APPROVE_MONEY", "KEEP_PRIVACY",
        "MANAGE_STAFF",
    }  # fmt: skip
    for act in acts:
        assert tuple(sorted((act, "SEE_AUDIT"))) in conflicts(), act
    for act in acts - {"MANAGE_STAFF"}:
        assert tuple(sorted((act, "MANAGE_STAFF"))) in conflicts(), act
    for act in ("POST_PAYMENTS", "REVERSE_PAYMENTS", "TAKE_IN", "CLOSE_CASES", "KEEP_CUSTODY"):
        assert tuple(sorted((act, "WORK_CASES"))) in conflicts(), act


def test_every_pair_of_roles_is_either_open_to_one_person_or_named_apart():
    """What one person may join is few enough to be read: this list is the whole of it."""
    together = {
        (a, b)
        for a, b in itertools.combinations(ROLES, 2)
        if matrix()["roles"][a]["reach"] == matrix()["roles"][b]["reach"] != "NONE"
        and first_conflict(rights_of(a) | rights_of(b), conflicts()) is None
    }
    assert together == JOINABLE


JOINABLE = {
    ("AUDIT", "INSPECTOR"),
    ("CLOSING", "COMPLIANCE"),
    ("CLOSING", "ENTRY"),
    ("CLOSING", "INTAKE"),
    ("COMPLIANCE", "ENTRY"),
    ("COMPLIANCE", "INTAKE"),
    ("ENTRY", "INTAKE"),
    ("LENDER", "SERVICE"),
}
