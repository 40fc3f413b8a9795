"""Why the record is not anchored or verified."""

from recoup.core.refusals import Refused


class AuditKeyMissing(Refused):
    """Anchors were signed before, and the key is gone: a new one would hide that."""

    code = "audit_key_missing"
    message = "Anchors have been signed, but the key %(file)s is missing. Put it back."


class AuditKeyOpen(Refused):
    """Others on this machine could sign in our name."""

    code = "audit_key_open"
    message = "The key %(file)s can be read by others. Run: chmod 600 %(file)s"


class AuditKeyBroken(Refused):
    """The file is there and is not an Ed25519 key."""

    code = "audit_key_broken"
    message = "The key %(file)s is not an Ed25519 private key."
