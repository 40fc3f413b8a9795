"""allauth's views in our addresses and our pages; what they do beyond its own is said here."""

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ConfirmCodeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy

from recoup.interfaces.web.people import signed_in
from recoup.interfaces.web.sign_in.factors import factors_of, note_factors, prove_factor
from recoup.interfaces.web.sign_in.policy import sign_in_policy
from recoup.interfaces.web.sign_in.store import SECOND_FACTOR

HOME = reverse_lazy("mfa_index")
OWN = "sign_in"


class SignIn(LoginView):
    """Name and password, a passkey, or the company's own sign-in."""

    template_name = f"{OWN}/sign_in.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """The company's sign-in is offered where there is one."""
        return super().get_context_data(**more) | sign_in_policy()

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """The page's policy lets its form lead to the provider, and to nobody else."""
        response: HttpResponse = super().render_to_response(context, **more)
        response["Content-Security-Policy"] = context["policy"]
        return response


class Factor(AuthenticateView):
    """The second factor, while signing in."""

    template_name = f"{OWN}/factor.html"


class PasskeySignIn(LoginWebAuthnView):
    """A passkey alone: it is both what one has and what one is or knows."""

    http_method_names = ["get", "post"]


class _Confirm:
    """Whoever confirms is noted with what."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Confirmed: the second factor counts from now on."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        note_factors(self.request)
        return response


class ConfirmPassword(_Confirm, ReauthenticateView):
    """The password once more."""

    template_name = f"{OWN}/confirm_password.html"


class ConfirmCode(_Confirm, ConfirmCodeView):
    """A code once more."""

    template_name = f"{OWN}/confirm_code.html"


class ConfirmPasskey(_Confirm, ReauthenticateWebAuthnView):
    """The passkey once more."""

    template_name = f"{OWN}/confirm_passkey.html"


class SetUpApp(ActivateTOTPView):
    """An authenticator app is set up by a first right code, which is a factor shown."""

    template_name = f"{OWN}/set_up_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Set up; this session has shown the factor."""
        response: HttpResponse = super().form_valid(form)
        prove_factor(self.request, "mfa", type="totp")
        return response


class RemoveApp(DeactivateTOTPView):
    """The app is taken away."""

    template_name = f"{OWN}/remove_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Removed; who has no factor left has shown none."""
        response: HttpResponse = super().form_valid(form)
        _forget_factor(self.request)
        return response


class AddPasskey(AddWebAuthnView):
    """A passkey is made in the browser; making it is a factor shown."""

    template_name = f"{OWN}/add_passkey.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Added; this session has shown the factor."""
        response: HttpResponse = super().form_valid(form)
        prove_factor(self.request, "mfa", type="webauthn")
        return response


class RemovePasskey(RemoveWebAuthnView):
    """A passkey is taken away."""

    template_name = f"{OWN}/remove_passkey.html"
    success_url = HOME

    def form_valid(self, form: Any) -> HttpResponse:
        """Removed; who has no factor left has shown none."""
        response: HttpResponse = super().form_valid(form)
        _forget_factor(self.request)
        return response


class Codes(ViewRecoveryCodesView):
    """Recovery codes, shown once."""

    template_name = f"{OWN}/codes.html"


class NewCodes(GenerateRecoveryCodesView):
    """New recovery codes; the old ones open no more."""

    template_name = f"{OWN}/new_codes.html"


class ChangePassword(PasswordChangeView):
    """One's own password; whoever signs in elsewhere has none here."""

    template_name = f"{OWN}/change_password.html"
    success_url = HOME

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To one's own page where there is no password."""
        if not signed_in(request).has_usable_password():
            return HttpResponseRedirect(str(HOME))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_default_success_url(self) -> str:
        """Back to one's own page."""
        return str(HOME)


def _forget_factor(request: HttpRequest) -> None:
    if not factors_of(signed_in(request).pk):
        request.session.pop(SECOND_FACTOR, None)
