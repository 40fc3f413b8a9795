"""What somebody may do is asked by every page: the question keeps its plan."""

import re
from pathlib import Path

from django.db import migrations

GUARDS = (Path(__file__).parent / "sql" / "0004_guards.sql").read_text()
IN_SQL = GUARDS[GUARDS.index("CREATE FUNCTION workforce_access") :].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
# The same question word for word; a function in SQL would be planned anew by each call.
_HEAD, _QUESTION = re.fullmatch(r"(.*?)AS \$\$\n(.*)\n\$\$;\n*", IN_SQL, re.DOTALL).groups()
IN_PLPGSQL = (
    _HEAD.replace("LANGUAGE sql", "LANGUAGE plpgsql")
    + f"AS $$\n#variable_conflict use_column\nBEGIN\nRETURN QUERY\n{_QUESTION};\nEND $$;"
)


class Migration(migrations.Migration):
    dependencies = [("workforce", "0006_hash_kept_apart")]
    operations = [migrations.RunSQL(IN_PLPGSQL, IN_SQL)]
