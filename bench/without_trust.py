"""The web server as it would be without row level security and without a record of who saw what.

For comparison only: it works as the owner of the tables, whom policies do not bind, and what asks
for a record writes none.
"""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

from recoup.foundation import audit
from recoup.foundation.audit import recording


def record(*_: Any, **__: Any) -> None:
    """Write nothing."""


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recoup.config.settings")
os.environ["RECOUP_DATABASE_ROLE"] = "owner"
audit.record = recording.record = record  # type: ignore[assignment]
application = get_wsgi_application()
