"""`recoup intake`: control totals on the screen, the quarantine in a file, and exit codes."""

import pytest
from django.utils import translation

from recoup.interfaces.cli.main import main
from recoup.modules.contracts.models import Contract
from tests.modules.intake.conftest import CONTRACTS
from tests.modules.intake.files import PAYMENTS, write


@pytest.fixture
def recoup(db, tmp_path, monkeypatch):
    """Runs a command in English on this test's database."""
    monkeypatch.setenv("RECOUP_LANG", "en")
    monkeypatch.setenv("RECOUP_DATABASE_URL", "the test's own")
    with translation.override("en"):
        yield lambda *words: main(["intake", *map(str, words)])


def test_contracts_go_in_with_their_totals(recoup, tmp_path, capsys):
    file = write(tmp_path, "contracts.csv", CONTRACTS)
    code = recoup(
        file, "--lender", "anda", "--kind", "contracts",
        "--create-lender", "安达", "--schedule-from-terms",
    )  # fmt: skip
    shown = capsys.readouterr()
    assert code == 0
    assert Contract.objects.get().lender.name == "安达"
    assert "12000.00 CNY" in shown.out
    assert "contracts.csv" in shown.err  # the bar


def test_refused_rows_are_written_to_the_named_file(recoup, tmp_path, capsys):
    file = write(tmp_path, "payments.csv", PAYMENTS)
    out = tmp_path / "refused.csv"
    arguments = ("--lender", "anda", "--kind", "payments", "--create-lender", "安达")
    assert recoup(file, *arguments, "--quarantine", out) == 3
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Row,Column,")
    assert lines[1].startswith("2,contract_number,HT-001,There is no contract HT-001.,")
    assert str(out) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("absent.csv", ["--kind", "payments"], "(file_missing)"),
        ("file.csv", [], "(kind_unknown)"),
        ("file.csv", ["--mapping", "nobody's"], "(mapping_unknown)"),
        ("file.csv", ["--kind", "payments", "--currency", "XXX"], "(currency_unknown)"),
        ("file.csv", ["--kind", "payments", "--expect-rows", "9"], "(rows_differ)"),
    ],
)
def test_a_refusal_ends_with_two_and_its_reason(recoup, tmp_path, capsys, *, name, arguments, said):
    write(tmp_path, "file.csv", PAYMENTS)
    code = recoup(tmp_path / name, "--lender", "a", "--create-lender", "A", *arguments)
    assert code == 2
    assert said in capsys.readouterr().err
