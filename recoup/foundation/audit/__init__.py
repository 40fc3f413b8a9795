"""The record of who saw and changed what: append-only, chained by hashes, signed from outside.

`audit.record(Act.CASE_SEEN, "contract", contract_id)` writes one event in the transaction it is
called in, or in one of its own. Who acts is known from the access that holds.
"""

from recoup.foundation.audit.acts import Act
from recoup.foundation.audit.recording import name_job, record

__all__ = ["Act", "name_job", "record"]
