"""What the import contracts cannot see: a module's SQL writes only to its own tables."""

import re
from pathlib import Path

import pytest

FILES = sorted(Path("recoup/modules").glob("**/sql/**/*.sql"))
WRITES = re.compile(
    r"\b(?:insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?|merge\s+into|copy"
    r"|truncate(?:\s+table)?|alter\s+table|drop\s+table(?:\s+if\s+exists)?)\s+([\"\w.]+)",
    re.IGNORECASE,
)
OWN_FOR_NOW = re.compile(
    r"\bcreate\s+(?:temp|temporary)\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)", re.IGNORECASE
)
# Words that follow UPDATE elsewhere than in the statement: DO UPDATE SET, FOR UPDATE OF, AFTER
# UPDATE ON.
NOT_A_TABLE = {"set", "of", "on", "skip", "nowait"}


def temporary_tables(module: str, folder: Path) -> set[str]:
    """Tables that live for a transaction may be made in one file and filled in another."""
    texts = [file.read_text() for file in folder.glob(f"{module}/**/*.sql")]
    return {name.lower() for text in texts for name in OWN_FOR_NOW.findall(_code(text))}


def faults(text: str, module: str, temporary: set[str]) -> list[str]:
    """What a file of SQL does to others' tables, and whether it says what it is for."""
    written = {name.strip('"').lower() for name in WRITES.findall(_code(text))} - NOT_A_TABLE
    foreign = sorted(name for name in written - temporary if not name.startswith(f"{module}_"))
    said = text.startswith("-- ") and len(text.split("\n", 1)[0]) > 10
    return [f"writes {name}" for name in foreign] + ([] if said else ["says nothing at the top"])


def _code(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"--.*", "", text)
    text = re.sub(r"'(?:[^']|'')*'", "''", text)
    return re.sub(r"\bfor\s+(?:no\s+key\s+)?update\b", "", text, flags=re.IGNORECASE)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_sql_writes_only_to_its_own_tables(path):
    module = path.parts[2]
    temporary = temporary_tables(module, Path("recoup/modules"))

    assert faults(path.read_text(), module, temporary) == []


def test_the_check_finds_each_way_to_write_to_another_modules_table():
    for statement in (
        "INSERT INTO cases_case (id) SELECT 1;",
        "UPDATE ONLY cases_case SET state = 'HELD';",
        "DELETE FROM cases_case;",
        'update "cases_case" set x = 1;',
        "WITH gone AS (DELETE FROM cases_case RETURNING id) SELECT 1;",
        "TRUNCATE TABLE cases_case;",
        "MERGE INTO cases_case USING x ON true WHEN MATCHED THEN DELETE;",
    ):
        text = f"-- Says what it does.\n{statement}\n"
        assert faults(text, "ledger", set()) == ["writes cases_case"], statement
        assert faults(text, "cases", set()) == []


def test_the_check_lets_locks_conflicts_comments_texts_and_temporary_tables_pass():
    text = """-- Locks dues, then enters them once.
CREATE TEMP TABLE worked (id bigint) ON COMMIT DROP;
INSERT INTO worked SELECT id FROM cases_case FOR UPDATE SKIP LOCKED;
-- DELETE FROM cases_case
INSERT INTO ledger_due (note) VALUES ('DELETE FROM cases_case')
    ON CONFLICT (id) DO UPDATE SET note = excluded.note;
"""
    assert faults(text, "ledger", {"worked"}) == []


def test_the_check_asks_for_a_first_line_that_says_something():
    assert faults("INSERT INTO ledger_due SELECT 1;", "ledger", set()) == [
        "says nothing at the top"
    ]
