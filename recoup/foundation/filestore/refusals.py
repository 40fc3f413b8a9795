"""Why a file is not taken, or not given out."""

from recoup.core.refusals import Refused


class FileRefused(Refused):
    """A file is not taken in."""

    code = "file_refused"
    message = "The file was not taken in."


class FileIsEmpty(FileRefused):
    code = "file_empty"
    message = "The file is empty."


class FileOverLimit(FileRefused):
    code = "file_over_limit"
    message = "The file is larger than %(limit)s MB."


class KindNotAllowed(FileRefused):
    """Told by the content; what the file is called and what the browser said do not matter."""

    code = "file_kind_not_allowed"
    message = (
        "The content of this file is of no kind that is taken here, whatever its name says. "
        "Save it as one of these and hand it over again: %(allowed)s."
    )


class FileInfected(FileRefused):
    code = "file_infected"
    message = "The scanner found something harmful in the file (%(found)s); it was not kept."


class ScannerUnavailable(FileRefused):
    """Without an answer nothing is taken in: a scanner that is down must not open the door."""

    code = "file_scanner_unavailable"
    message = "The file could not be scanned for harmful content: %(why)s"


class StoreFull(FileRefused):
    code = "file_store_full"
    message = "There is no room left for files; the file was not kept."


class StoreUnreachable(Refused):
    code = "file_store_unreachable"
    message = "The file store does not answer: %(why)s"


class FileUnknown(Refused):
    """There is none, or none this person may know of: the two must look alike."""

    code = "file_unknown"
    message = "There is no such file."


class FileErased(Refused):
    code = "file_erased"
    message = "The file was erased on %(day)s; what is left is its fingerprint."


class FileDamaged(Refused):
    """The sealed bytes are not those that were written: cut short, swapped or changed."""

    code = "file_damaged"
    message = "The file in the store is not what was put there."
