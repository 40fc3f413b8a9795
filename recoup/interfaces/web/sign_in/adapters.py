"""What allauth asks us: how to sign in and out, what to say, how to keep a factor's secret."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recoup.foundation.audit import Act
from recoup.foundation.sign_in import enrolment, secrets, services
from recoup.interfaces.web.language import remember_language
from recoup.interfaces.web.sign_in import notices
from recoup.interfaces.web.sign_in.address import client_address, user_agent
from recoup.interfaces.web.sign_in.factors import note_factors
from recoup.interfaces.web.sign_in.store import ADDRESS, AGENT, FIRST_PASSWORD

# What allauth tells by the name of a template, in our words.
SAID = {
    "account/messages/password_changed.txt": _(
        "Your password is changed. Your other sessions have ended."
    ),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes are made."),
}
FACTOR_CHANGES = {
    "mfa/email/totp_activated": (Act.FACTOR_ADDED, "totp"),
    "mfa/email/totp_deactivated": (Act.FACTOR_REMOVED, "totp"),
    "mfa/email/webauthn_added": (Act.FACTOR_ADDED, "passkey"),
    "mfa/email/webauthn_removed": (Act.FACTOR_REMOVED, "passkey"),
    "mfa/email/recovery_codes_generated": (Act.FACTOR_ADDED, "recovery codes"),
}
PASSWORD_CHANGE = (Act.PASSWORD_CHANGED, "password")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password; nobody signs up; nothing is sent by e-mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name or password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("Your present password is not right."),
        "incorrect_code": _("This code is not right, or was used already."),
        "too_many_login_attempts": _("Too many attempts. Please wait a quarter of an hour."),
        "rate_limited": _("Too many attempts. Please wait a quarter of an hour."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are entered by the operator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Attempts are counted by axes, in the database, not by allauth in a cache."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, told without the name that was typed."""
        notices.note(Act.SIGN_IN_FAILED, None, address=client_address(request))

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **more: Any
    ) -> HttpResponse | None:
        """A first password that nobody used in time opens as little as a wrong one."""
        how = {record["method"] for record in get_authentication_records(request, user)}
        ends_at = enrolment.first_password_ends_at(user_id=user.pk) if "password" in how else None
        if ends_at is not None and ends_at <= timezone.now():
            return self.respond_user_inactive(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **more)
        return response

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Open the session, as old as now and with where it was opened from."""
        request.session.begin_anew()  # type: ignore[attr-defined]  # our own store's
        super().login(request, user)
        if factor := getattr(request, "sso_factor", None):
            record_authentication(request, user, "sso_factor", claim=factor)
        request.session[ADDRESS] = client_address(request)
        request.session[AGENT] = user_agent(request)
        note_factors(request)
        how = [record["method"] for record in get_authentication_records(request, user)]
        if "password" in how and enrolment.first_password_ends_at(user_id=user.pk):
            request.session[FIRST_PASSWORD] = True
        notices.note(Act.SIGNED_IN, user.pk, how=how, address=client_address(request))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        """On to the page asked for; the reader's language follows them to this browser."""
        response: HttpResponse = super().post_login(request, user, **more)
        return remember_language(response, getattr(user, "language", ""))

    def logout(self, request: HttpRequest) -> None:
        """Close the session."""
        notices.note(Act.SIGNED_OUT, request.user.pk)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Who may not come in hears no more than who was never here."""
        messages.error(request, self.error_messages["username_password_mismatch"])
        notices.note(Act.SIGN_IN_FAILED, user.pk, address=client_address(request))
        return redirect("login")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from, for allauth's own limits."""
        address = client_address(request)
        if address is None:
            raise PermissionDenied
        return address

    def add_message(  # noqa: PLR0917 - allauth's signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what allauth would say, in our words; what we have no words for needs none."""
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A factor or the password was changed: other sessions end, the audit hears of it."""
        session = allauth_context.request.session
        services.end_sessions(user_id=user.pk, spare_key=session.session_key)
        act, what = FACTOR_CHANGES.get(template_prefix, PASSWORD_CHANGE)
        notices.note(act, user.pk, what=what)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it; a password is enough only for who has none."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        return sorted(factors, key=_passkey_first) or methods


def _passkey_first(method: dict[str, Any]) -> bool:
    return method["id"] != "mfa_reauthenticate:webauthn"


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets sealed by the vault, names in the reader's language."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or was used already."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def get_totp_issuer(self) -> str:
        """How the app calls us: the product and where it runs."""
        return f"Recoup {self._get_site_name()}"

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """How the app calls the person."""
        return user.get_username()

    def encrypt(self, text: str) -> str:
        """Put a secret under seal; what allauth keeps is its name."""
        return secrets.keep(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of this name."""
        return secrets.read(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002
        """A first name for a passkey, to be changed by its owner."""
        kept = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"{gettext('Passkey')} {kept + 1}" if kept else gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom passkeys are made: this host and no other."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.PRODUCT}
