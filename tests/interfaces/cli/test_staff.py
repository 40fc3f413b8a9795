"""`recoup staff`: the first operator of a new installation, and a role in need."""

import argparse
import io

import pytest
from allauth.mfa.models import Authenticator

from recoup.foundation.access.context import as_system
from recoup.foundation.sign_in.models import EnrolmentCode, FirstPassword
from recoup.foundation.sign_in.rules import FactorKnown, bare_code, digest
from recoup.interfaces.cli import staff
from recoup.interfaces.cli.terms import CannotRun
from recoup.modules.workforce import queries, rules
from recoup.modules.workforce.models import User
from tests.factories import make_collector

pytestmark = pytest.mark.django_db
GOOD = "correct-horse-battery-staple"


@pytest.fixture
def recoup_staff(monkeypatch):
    """The command, with a password given through a pipe."""

    def run(*words: str, password: str = GOOD) -> None:
        parser = argparse.ArgumentParser()
        staff.configure(parser)
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        with as_system("staff"):
            staff.run(parser.parse_args(words))

    return run


def test_the_first_operator_is_entered_and_may_manage_staff(recoup_staff, capsys):
    recoup_staff("add", "wu_jun", "--name", "吴军", "--role", "OPERATOR")
    assert "recoup staff enrol wu_jun" in capsys.readouterr().out
    recoup_staff("list")

    (person,) = queries.people()
    assert (person.name, person.roles) == ("吴军", ("OPERATOR",))
    assert capsys.readouterr().out.split() == ["wu_jun", "吴军", "OPERATOR"]
    assert FirstPassword.objects.get().user_id == person.id


def test_a_code_is_printed_once_a_lost_factor_is_forgotten_and_a_new_password_given(
    recoup_staff, capsys
):
    liu = make_collector("liu_min", "刘敏")
    recoup_staff("enrol", "liu_min")
    code = capsys.readouterr().out.splitlines()[0]
    assert EnrolmentCode.objects.get().digest == digest(bare_code(code))
    Authenticator.objects.create(user_id=liu.pk, type="totp", data={"secret": "x"})
    with pytest.raises(FactorKnown):
        recoup_staff("enrol", "liu_min")
    recoup_staff("reset-factor", "liu_min")
    assert capsys.readouterr().out.splitlines()[0] != code
    assert not Authenticator.objects.exists()
    recoup_staff("new-password", "liu_min")
    password = capsys.readouterr().out.splitlines()[0]
    assert User.objects.get(pk=liu.pk).check_password(password)
    assert FirstPassword.objects.get().user_id == liu.pk


def test_nobody_is_given_a_code_who_is_not_here(recoup_staff):
    for act in ("enrol", "reset-factor", "new-password"):
        with pytest.raises(CannotRun):
            recoup_staff(act, "nobody")
    assert not EnrolmentCode.objects.exists()


def test_a_weak_password_is_refused_and_nobody_is_entered(recoup_staff):
    with pytest.raises(CannotRun):
        recoup_staff("add", "wu_jun", "--role", "OPERATOR", password="short")
    assert not User.objects.exists()


def test_a_taken_name_is_refused_and_whoever_has_it_stays_as_they_are(recoup_staff):
    make_collector("liu_min", "刘敏")
    with pytest.raises(CannotRun):
        recoup_staff("add", "liu_min", "--role", "OPERATOR")
    assert [(p.name, p.roles) for p in queries.people()] == [("刘敏", ("COLLECTOR",))]


def test_an_inspector_needs_a_last_day(recoup_staff):
    with pytest.raises(rules.UntilMissing):
        recoup_staff("add", "gao", "--role", "INSPECTOR")
    assert not User.objects.exists()


def test_a_role_in_need_is_given_for_a_reason_unless_duties_conflict(recoup_staff):
    make_collector("sun_yi", "孙怡", role="ENTRY")
    recoup_staff("give", "sun_yi", "--role", "INTAKE", "--reason", "替班")
    with pytest.raises(rules.DutiesConflict):
        recoup_staff("give", "sun_yi", "--role", "FINANCE", "--reason", "替班")
    with pytest.raises(CannotRun):
        recoup_staff("give", "nobody", "--role", "ENTRY", "--reason", "替班")
    assert queries.people()[0].roles == ("ENTRY", "INTAKE")
