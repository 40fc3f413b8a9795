"""Which rows and columns of each table the application's database roles reach: declared data.

`applying` turns it into grants and row level security after every migration. A table that is not
declared here is closed to both roles, and a test names it. How to declare one:
docs/security/row-level-security.md.
"""

from recoup.foundation.access.policies.business import FACTS, INTAKE, WORK
from recoup.foundation.access.policies.kept import KEPT, PRIVACY, WEBHOOKS
from recoup.foundation.access.policies.people import FRAMEWORK, PEOPLE, SIGN_IN

TABLES = {
    table.name: table
    for group in (FACTS, WORK, INTAKE, PEOPLE, FRAMEWORK, SIGN_IN, KEPT, PRIVACY, WEBHOOKS)
    for table in group
}
