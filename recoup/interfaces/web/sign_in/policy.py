"""What the sign-in page offers, and what its form may lead to."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from recoup.interfaces.web.doorway import POLICY


def sign_in_policy() -> dict[str, Any]:
    """The name of the company's sign-in, if there is one, and the page's content policy.

    A browser holds `form-action` against where a form is sent on to, too: the provider's origin
    must stand in it, on this page alone.
    """
    if not settings.OIDC_ISSUER:
        return {"sso_name": "", "policy": POLICY}
    ours = "form-action 'self'"
    return {
        "sso_name": settings.OIDC_NAME,
        "policy": POLICY.replace(ours, f"{ours} {_origin(settings.OIDC_ISSUER)}"),
    }


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
