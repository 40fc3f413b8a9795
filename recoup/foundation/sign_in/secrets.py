"""Secrets of second factors: sealed by the vault under the installation's own key."""

import secrets

from recoup.foundation import vault
from recoup.foundation.access.context import as_system
from recoup.foundation.sign_in.models import FactorSecret
from recoup.foundation.vault.rules import INSTALLATION

NAME_BYTES = 12


def keep(secret: str) -> str:
    """Seal a secret; the name under which it is found again."""
    name = secrets.token_hex(NAME_BYTES)
    with as_system("sign-in"):
        sealed = vault.seal(secret, lender_id=INSTALLATION, about=_about(name))
    FactorSecret.objects.create(name=name, sealed=sealed)
    return name


def read(name: str) -> str:
    """The secret of this name."""
    sealed = FactorSecret.objects.values_list("sealed", flat=True).get(name=name)
    with as_system("sign-in"):
        return vault.open(bytes(sealed), lender_id=INSTALLATION, about=_about(name))


def _about(name: str) -> str:
    return f"sign_in_factorsecret.sealed/{name}"
