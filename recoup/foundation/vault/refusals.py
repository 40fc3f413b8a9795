"""What the vault refuses, each in words that say what to do."""

from recoup.core.refusals import Refused


class VaultRefused(Refused):
    """Something sealed cannot be made or opened."""

    code = "vault_refused"
    message = "The vault refuses this."


class KeyFileMissing(VaultRefused):
    """Making a new key now would only hide that the data are lost without the old one."""

    code = "key_file_missing"
    message = (
        "The key file %(file)s is missing, but there are data sealed under it. Put it back from "
        "its backup, or name it: RECOUP_KEK_FILE=/path"
    )


class KeyFileOpen(VaultRefused):
    """A key that others can read is no secret."""

    code = "key_file_open"
    message = "The key file %(file)s can be read by others. Close it: chmod 600 %(file)s"


class KeyUnreadable(VaultRefused):
    """What was given is no key."""

    code = "key_unreadable"
    message = "%(source)s holds no key: each must be 32 bytes in base64, the present one first."


class KeyMissing(VaultRefused):
    """The right key-encrypting key is not among those given."""

    code = "key_missing"
    message = (
        "These data are sealed under the key %(name)s, which is not among the keys given "
        "(RECOUP_KEK, RECOUP_KEK_FILE, var/keys/kek or RECOUP_KMS_URL)."
    )


class KeyWrong(VaultRefused):
    """The key opens nothing: another installation's, or a changed row."""

    code = "key_wrong"
    message = "The key %(name)s does not open the data key %(key)s: it is not this installation's."


class DataKeyUnknown(VaultRefused):
    """There is no such data key, or none this reader may use."""

    code = "data_key_unknown"
    message = "There is no data key %(key)s here, or it is not yours to use."


class SealBroken(VaultRefused):
    """Authentication failed: changed, moved to another row, or cut off."""

    code = "seal_broken"
    message = "What is sealed in %(about)s was changed or belongs elsewhere."


class NotYoursToOpen(VaultRefused):
    """Nobody is let in, or the lender is none of theirs."""

    code = "not_yours_to_open"
    message = "This is sealed, and whoever asks may not open it."


class KmsFailed(VaultRefused):
    """The key management service did not do what was asked."""

    code = "kms_failed"
    message = "The key management service at %(url)s did not answer as it should: %(why)s"


class RotationRunning(VaultRefused):
    """Two at one lender's keys would only get into each other's way."""

    code = "rotation_running"
    message = "Another process is changing the keys of lender %(lender)s."


class OldKeyInUse(VaultRefused):
    """A key is forgotten only when nothing needs it."""

    code = "old_key_in_use"
    message = "%(count)s data keys are still wrapped by an older key: run `recoup keys rewrap`."


class NotOurKeyFile(VaultRefused):
    """A key that somebody else keeps is changed where it is kept."""

    code = "not_our_key_file"
    message = (
        "The present key does not come from %(file)s. Change it where it is kept, leave the old "
        "one behind the new one, and run `recoup keys rewrap`."
    )
