"""allauth's views in our addresses and our pages; what they do beyond its own is said here."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView, PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ConfirmCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from recoup.foundation.sign_in import enrolment
from recoup.interfaces.web.people import signed_in
from recoup.interfaces.web.sign_in.address import is_number
from recoup.interfaces.web.sign_in.factors import (
    drop_factors,
    factors_of,
    first_step,
    note_factors,
    prove_factor,
    rename_factor,
    renew,
    sound_name,
)
from recoup.interfaces.web.sign_in.policy import sign_in_policy
from recoup.interfaces.web.sign_in.store import FIRST_PASSWORD

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

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who has neither password nor factor here confirms by signing in anew."""
        if not get_adapter().get_reauthentication_methods(request.user):
            messages.warning(request, _("To confirm that it is you, sign out and sign in again."))
            return HttpResponseRedirect(str(HOME))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Confirmed: the second factor counts from now on, in a session with a new key."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        note_factors(self.request)
        renew(self.request)
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

    def form_invalid(self, form: Any) -> HttpResponse:
        """Not taken: said here, where it can be tried again."""
        super().form_invalid(form)  # its messages stay, its way to the sign-in page does not
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))


class _Adding:
    """A factor is added by who shows one, or, for the first, the code they were given."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the code, or the factor that is there, before anything else."""
        if step := first_step(request, request.path):
            return HttpResponseRedirect(step)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class SetUpApp(_Adding, ActivateTOTPView):
    """An authenticator app is set up by a first right code, which is a factor shown."""

    template_name = f"{OWN}/set_up_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Set up under the name its owner gave it; this session has shown the factor."""
        response: HttpResponse = super().form_valid(form)
        if name := sound_name(self.request.POST.get("name", "")):
            user_id = signed_in(self.request).pk
            rename_factor(Authenticator.objects.get(user_id=user_id, type="totp"), name)
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


class AddPasskey(_Adding, AddWebAuthnView):
    """A passkey is made in the browser; making it is a factor shown."""

    template_name = f"{OWN}/add_passkey.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """A browser binds passkeys to a name and refuses where the address is a number."""
        host = self.request.get_host().rpartition(":")[0] or self.request.get_host()
        return super().get_context_data(**more) | {"is_by_number": is_number(host)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Added; this session has shown the factor."""
        form.cleaned_data["name"] = sound_name(form.cleaned_data["name"])
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

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Who was given a password hears why another is asked for."""
        is_first = FIRST_PASSWORD in self.request.session
        return super().get_context_data(**more) | {"is_first": is_first}

    def form_valid(self, form: Any) -> HttpResponse:
        """Changed: the password is nobody else's any more."""
        response: HttpResponse = super().form_valid(form)
        enrolment.note_own_password(user_id=signed_in(self.request).pk)
        self.request.session.pop(FIRST_PASSWORD, None)
        return response


def _forget_factor(request: HttpRequest) -> None:
    if not factors_of(signed_in(request).pk):
        drop_factors(request)
