"""Single sign-on by OpenID Connect: code flow with PKCE and a nonce, every id token verified.

allauth brings the flow; it trusts an id token that came over TLS. We verify the signature, issuer,
audience, times and nonce of each ourselves (ASVS 5.0 V10.5), whatever it came through.
"""

import functools
import secrets
from typing import Any, cast

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse

from recoup.foundation.audit import Act
from recoup.interfaces.web.sign_in import notices
from recoup.interfaces.web.sign_in.address import client_address

# Public keys only: with a shared secret anybody who can check a token can also make one.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
REQUIRED = ("exp", "iat", "iss", "aud", "sub", "nonce")
LEEWAY_SECONDS = 30
TIMEOUT_SECONDS = 8
MOST_BYTES = 256 * 1024


class ProviderRefused(OAuth2Error):
    """What the provider says is not believed; the message is ours and names nobody."""


class TokenAdapter(OpenIDConnectOAuth2Adapter):
    """Discovery, code and id token of the one provider; the token's claims are the only facts."""

    expected_nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description.

        Raises ProviderRefused where it speaks for another issuer than the one it was asked as.
        """
        config = cast("dict[str, Any]", super().openid_config)
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise ProviderRefused("the issuer is another than configured")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends people back to."""
        return cast("str", build_absolute_uri(request, reverse("sso_callback"), None))

    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **kwargs: Any
    ) -> SocialLogin:
        """Who signed in, as the id token says. Raises ProviderRefused."""
        claims = self._claims(app, str(kwargs["response"].get("id_token") or ""))
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _claims(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(id_token),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": list(REQUIRED)},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise ProviderRefused(f"id token refused: {type(error).__name__}") from error
        self._check_rest(claims, app.client_id)
        return claims

    def _check_rest(self, claims: dict[str, Any], client_id: str) -> None:
        """What PyJWT does not look at: for whom among several, and which of our questions."""
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
            raise ProviderRefused("id token refused: azp")
        if "azp" in claims and claims["azp"] != client_id:
            raise ProviderRefused("id token refused: azp")
        nonce = str(claims["nonce"])
        if not self.expected_nonce or not secrets.compare_digest(nonce, self.expected_nonce):
            raise ProviderRefused("id token refused: nonce")

    def _key(self, id_token: str) -> Any:
        """The provider's key that the token names, asked for anew each time: keys change."""
        kid = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            found = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [key for key in found if kid is None or key.key_id == kid]
        if len(fitting) != 1:
            raise ProviderRefused("id token refused: key")
        return fitting[0].key


class SsoProvider(OpenIDConnectProvider):
    """The provider with a nonce in every question."""

    oauth2_adapter_class = TokenAdapter
    pkce_enabled_default = True

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Send the browser to the provider; the nonce is kept with the state in the session."""
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept of the claims: by whom somebody is known, and with what they signed in."""
        kept = {"sub", "amr", "acr", settings.OIDC_USERNAME_CLAIM}
        return {"id_token": {k: v for k, v in data["id_token"].items() if k in kept}}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: nobody is found by an e-mail address."""
        return []


class Callback(OAuth2CallbackView):
    """The provider's answer."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, refusal = super()._get_state(request, provider)
        if state:
            self.adapter.expected_nonce = str(state.get("nonce") or "")
        return state, refusal


class SsoAdapter(DefaultSocialAccountAdapter):
    """Whom a provider's account belongs to here. Nobody is entered by signing in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """People are entered by the operator."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link a first sign-in to the user the configured claim names; note the second factor."""
        claims = sociallogin.account.extra_data.get("id_token", {})
        if not sociallogin.is_existing:
            self._link(sociallogin, claims)
        request.sso_factor = second_factor_in(claims)  # type: ignore[attr-defined]

    def _link(self, sociallogin: SocialLogin, claims: dict[str, Any]) -> None:
        name = claims.get(settings.OIDC_USERNAME_CLAIM) if settings.OIDC_USERNAME_CLAIM else None
        if not isinstance(name, str) or not name:
            return
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None or SocialAccount.objects.filter(user=user).exists():
            return
        sociallogin.user = user
        sociallogin.account.user = user
        sociallogin.account.save()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Told to the audit; the page only says that it did not work."""
        why = str(exception) if isinstance(exception, ProviderRefused) else type(exception).__name__
        notices.note(Act.SIGN_IN_FAILED, None, sso=why, address=client_address(request))

    def get_requests_session(self) -> requests.Session:
        """Asks the provider: with a limit of time, over TLS, never sent on to elsewhere."""
        session = OneHost()
        session.request = functools.partial(  # type: ignore[method-assign]
            session.request, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
        return session


class OneHost(requests.Session):
    """Speaks to the provider in the clear only where the operator allowed that."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send a prepared request. Raises ProviderRefused for an address without TLS."""
        if not request.url.startswith("https://") and not settings.OIDC_INSECURE:
            raise ProviderRefused("the provider must be reached by https")
        answer = super().send(request, **kwargs)
        if len(answer.content) > MOST_BYTES:
            raise ProviderRefused("the provider's answer is too long")
        return answer


def second_factor_in(claims: dict[str, Any]) -> str:
    """The claim by which the provider says that a second factor was shown; empty for none.

    Which values of `amr` and `acr` count is said by the operator (RECOUP_OIDC_SECOND_FACTOR).
    """
    said = claims.get("amr") or []
    methods = {str(m) for m in said} if isinstance(said, list) else {str(said)}
    methods.add(str(claims.get("acr") or ""))
    counted = sorted(methods & set(settings.OIDC_SECOND_FACTOR))
    return counted[0] if counted else ""
