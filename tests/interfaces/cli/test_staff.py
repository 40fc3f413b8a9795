"""`recoup staff`: the first operator of a new installation, and a role in need."""

import argparse
import io

import pytest

from recoup.foundation.access.context import as_system
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
    recoup_staff("list")

    (person,) = queries.people()
    assert (person.name, person.roles) == ("吴军", ("OPERATOR",))
    assert capsys.readouterr().out.split() == ["wu_jun", "吴军", "OPERATOR"]


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
