"""The container's recipe: an ordinary user, only what runs, nothing secret, a health check."""

import re
from pathlib import Path

LINES = Path("Containerfile").read_text()
STEPS = [
    " ".join(step.split())
    for step in re.sub(r"\\\n", " ", re.sub(r"^#.*$", "", LINES, flags=re.MULTILINE)).splitlines()
    if step.strip()
]
LAST = STEPS[[n for n, step in enumerate(STEPS) if step.startswith("FROM ")][-1] :]


def those(word: str, steps: list[str] = STEPS) -> list[str]:
    return [step.removeprefix(word).strip() for step in steps if step.startswith(f"{word} ")]


def test_it_runs_as_an_ordinary_user_without_a_shell() -> None:
    assert those("USER", LAST) == ["10001:10001"]
    assert "nologin" in LINES
    after = LAST[LAST.index("USER 10001:10001") :]
    assert not those("RUN", after)


def test_only_what_runs_is_copied() -> None:
    sources = {source.split()[0] for source in those("COPY") if not source.startswith("--from")}

    assert sources == {"requirements/", "recoup/"}
    assert not those("ADD")


def test_nothing_secret_stands_in_it() -> None:
    assert not re.search(r"(PASSWORD|SECRET|KEK|TOKEN)\w*=", LINES)


def test_only_the_data_folder_is_written() -> None:
    assert those("VOLUME", LAST) == ['["/var/lib/recoup"]']
    assert "RECOUP_VAR=/var/lib/recoup" in " ".join(those("ENV", LAST))


def test_it_installs_from_the_hashed_lock_and_nothing_else() -> None:
    assert "RUN python3 requirements/install.py base" in STEPS
    assert not re.search(r"\b(pip|apt-get|curl|wget)\b", " ".join(STEPS))


def test_it_says_whether_it_is_well() -> None:
    (check,) = those("HEALTHCHECK", LAST)
    module = re.search(r'"-m", "([\w.]+)"', check)
    assert module is not None
    assert Path(module[1].replace(".", "/") + ".py").exists()
