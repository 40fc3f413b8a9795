"""Where a request comes from: the address itself, or what our own proxies say of it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from recoup.interfaces.web.sign_in.store import AGENT_CHARACTERS


def client_address(request: HttpRequest) -> str | None:
    """The client's address.

    With RECOUP_PROXIES=n the n-th from the right of X-Forwarded-For, which our own proxies wrote;
    what stands further left anybody may have written.
    """
    said = str(request.META.get("REMOTE_ADDR") or "")
    if settings.PROXIES:
        hops = str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",")
        said = hops[-settings.PROXIES] if len(hops) >= settings.PROXIES else said
    try:
        return str(ipaddress.ip_address(said.strip()))
    except ValueError:
        return None


def is_number(host: str) -> bool:
    """Whether a host is given as an IP address, not by a name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def user_agent(request: HttpRequest) -> str:
    """The browser, as it calls itself."""
    said = str(request.META.get("HTTP_USER_AGENT") or "")
    return said.replace("\0", "")[:AGENT_CHARACTERS]


def own_address(request: HttpRequest, address: str) -> str:
    """Only our own pages: an open redirect would lend our name to others."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else "/"
