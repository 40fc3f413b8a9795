"""Why a backup is not made, not read or not restored."""

from recoup.core.refusals import Refused


class BackupRefused(Refused):
    """A backup is not made, read or restored."""

    code = "backup_refused"
    message = "The backup failed."


class PlaceTaken(BackupRefused):
    code = "backup_place_taken"
    message = "%(place)s exists already; name a folder that does not."


class KeyUnusable(BackupRefused):
    code = "backup_key_unusable"
    message = "%(file)s holds no key: 32 bytes in base64, or a passphrase of 12 characters or more."


class BackupUnreadable(BackupRefused):
    """Another key, another file, or bytes that are not what was written."""

    code = "backup_unreadable"
    message = "%(part)s does not open: the key is another one, or the backup was changed or cut."


class NoBackupThere(BackupRefused):
    code = "backup_missing"
    message = "There is no backup in %(place)s."


class ToolFailed(BackupRefused):
    code = "backup_tool_failed"
    message = "%(tool)s failed: %(why)s"


class ToolMissing(BackupRefused):
    code = "backup_tool_missing"
    message = (
        "%(tool)s of PostgreSQL %(version)s or newer is needed. "
        "Name its folder: RECOUP_PG_BIN=/path"
    )


class NotEmpty(BackupRefused):
    """A backup is restored into an empty installation, never over data."""

    code = "backup_not_empty"
    message = "There is data here already: a backup is restored into an empty installation."


class KeysMissing(BackupRefused):
    code = "backup_keys_missing"
    message = "The keys of the data are not here. They are kept apart from backups: bring them too."


class MadeByNewer(BackupRefused):
    code = "backup_made_by_newer"
    message = "The backup was made by a newer version of Recoup (%(migration)s): install that one."


class NotWhatItWas(BackupRefused):
    """Restored, and found to differ from what was saved."""

    code = "backup_differs"
    message = "What was restored is not what was saved: %(what)s"


class PastItsTerm(BackupRefused):
    """It holds what should be gone."""

    code = "backup_past_its_term"
    message = (
        "This backup should have gone on %(day)s: it holds what was to be forgotten. "
        "If there is no other, restore it with --past-its-term."
    )
