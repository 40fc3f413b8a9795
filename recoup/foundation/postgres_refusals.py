"""Why a PostgreSQL cannot be used, each with what to do about it."""

from recoup.core.refusals import Refused


class PostgresFailed(Refused):
    """The embedded server did not start."""

    code = "postgres_failed"
    message = "The embedded PostgreSQL failed: %(why)s"


class NoRoomForData(PostgresFailed):
    code = "postgres_no_room"
    message = (
        "%(folder)s has %(free_mb)s MB free, %(needed_mb)s are needed. Make room, or name a folder "
        "elsewhere: RECOUP_VAR=/path"
    )


class NoTimeZones(PostgresFailed):
    code = "postgres_no_time_zones"
    message = "The system has no time zones. On Debian: apt install tzdata"


class RootWithoutNamespace(PostgresFailed):
    """PostgreSQL refuses uid 0, and `unshare` is missing or forbidden (as in many containers)."""

    code = "postgres_as_root"
    message = (
        "PostgreSQL does not run as root, and this machine gives root no user namespace "
        "(unshare). Run as an ordinary user, or set RECOUP_DATABASE_URL."
    )


class SocketFolderTaken(PostgresFailed):
    code = "postgres_socket_folder"
    message = "%(folder)s belongs to somebody else or is open to all: remove it."


class StoppedAtOnce(PostgresFailed):
    code = "postgres_stopped"
    message = "PostgreSQL stopped at once. The end of %(log)s:\n%(tail)s"


class DidNotAnswer(PostgresFailed):
    code = "postgres_silent"
    message = "PostgreSQL did not answer within 60 s; see %(log)s."


class OrphanStays(PostgresFailed):
    code = "postgres_orphan"
    message = "A process still works in %(folder)s and cannot be ended."


class StillStarting(PostgresFailed):
    code = "postgres_still_starting"
    message = "Another command has been starting the database for a minute."


class PostgresUnfit(Refused):
    """The server named by RECOUP_DATABASE_URL cannot be used."""

    code = "postgres_unfit"
    message = "RECOUP_DATABASE_URL: the database cannot be reached: %(why)s"


class PostgresTooOld(PostgresUnfit):
    code = "postgres_too_old"
    message = (
        "RECOUP_DATABASE_URL: the server is PostgreSQL %(found)s; Recoup needs %(oldest)s or "
        "newer. Without the variable it brings its own."
    )


class NotUnicode(PostgresUnfit):
    code = "postgres_encoding"
    message = (
        "RECOUP_DATABASE_URL: the database's encoding is %(encoding)s. Create it with "
        "ENCODING 'UTF8' TEMPLATE template0."
    )
