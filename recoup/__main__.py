"""`python -m recoup COMMAND`."""

import os
import sys

from recoup.foundation.access.roles import VARIABLE
from recoup.interfaces.cli.main import main, role_of

# This process works as one role of the database; it is settled before the settings are read.
os.environ.setdefault(VARIABLE, role_of(sys.argv[1:]))
sys.exit(main())
