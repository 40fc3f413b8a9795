"""Codes from an app: each opens once, within a minute and a half; a new password is a new one."""

from typing import Any, cast

from allauth.account.forms import ChangePasswordForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

REMEMBERED_SECONDS = 120  # longer than a code is taken: its half minute and those beside it


class OnceOnly:
    """A code that was taken is not taken again, by any process (ASVS 5.0 V6.5.1)."""

    user: Any

    def clean_code(self) -> str:
        """The code, if it is right and was not used.

        allauth remembers a used code only for as long as one lasts; we also take the one before
        and the one after, so we remember it for longer.
        """
        code = cast("str", super().clean_code())  # type: ignore[misc]
        known = f"code:{self.user.pk}:{normalize_user_code(code)}"
        if not cache.add(known, "used", REMEMBERED_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCode(OnceOnly, AuthenticateForm):
    """The second factor while signing in."""


class ConfirmCode(OnceOnly, ReauthenticateForm):
    """The second factor for something sharp."""


class FirstCode(OnceOnly, ActivateTOTPForm):
    """The code that proves the app was set up."""


class AnotherPassword(ChangePasswordForm):
    """A new password: another than the present one, which somebody else may know."""

    def clean_password1(self) -> str:
        """The new password, if it is one. Raises ValidationError."""
        new = cast("str", self.cleaned_data["password1"])
        if self.user.check_password(new):
            raise ValidationError(_("Choose another than the present one."))
        return new
