"""`python -m recoup COMMAND`."""

import sys

from recoup.interfaces.cli.main import main

sys.exit(main())
