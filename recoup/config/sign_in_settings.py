"""Settings of the door: sessions, passwords, second factors, single sign-on.

What each means to those who use it: docs/security/sign-in.md.
"""

import os
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def _number(name: str, usual: int, most: int) -> int:
    said = os.environ.get(name, "") or str(usual)
    if not said.isdecimal() or not 0 <= int(said) <= most:
        raise ImproperlyConfigured(f"{name} is «{said}»; it must be a number from 0 to {most}.")
    return int(said)


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def _secret(name: str) -> str:
    """From the environment, or from a file whose path stands in it; never from these settings."""
    file = os.environ.get(f"{name}_FILE", "")
    return Path(file).read_text().strip() if file else os.environ.get(name, "")


PRODUCT = "Recoup"
HTTPS = os.environ.get("RECOUP_HTTPS", "") == "1"
# How many proxies of our own stand before the web server; 0: it is reached directly.
PROXIES = _number("RECOUP_PROXIES", 0, 9)

# Sessions: ended after so long without a request, and after so long whatever happens.
SESSION_ENGINE = "recoup.interfaces.web.sign_in.store"
SESSION_IDLE_SECONDS = _number("RECOUP_SESSION_IDLE_MINUTES", 30, 24 * 60) * 60
SESSION_COOKIE_AGE = _number("RECOUP_SESSION_HOURS", 12, 24) * 3600
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True

# Used codes and limits of attempts: known to every process, so kept in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sign_in_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

PASSWORD_HASHERS = [
    "recoup.foundation.sign_in.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_BY_DJANGO = "django.contrib.auth.password_validation"
_OURS = "recoup.foundation.sign_in.passwords"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_BY_DJANGO}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_OURS}.NotTooLong"},
    {"NAME": f"{_BY_DJANGO}.CommonPasswordValidator"},
    {
        "NAME": f"{_BY_DJANGO}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "employee_number", "email")},
    },
    {
        "NAME": f"{_OURS}.NotOurName",
        "OPTIONS": {"words": [PRODUCT, "password", *_words("RECOUP_COMPANY_WORDS")]},
    },
    {
        "NAME": f"{_OURS}.NotBreached",
        "OPTIONS": {"file": os.environ.get("RECOUP_BREACHED_PASSWORDS", "")},
    },
]

# allauth: the flows. Nobody signs up, nothing goes out by e-mail, nothing is remembered for longer.
ACCOUNT_ADAPTER = "recoup.interfaces.web.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_FORMS = {"change_password": "recoup.interfaces.web.sign_in.forms.AnotherPassword"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = False
# Of these only the limits of second factors: passwords are counted by axes, for addresses a
# whole office may share no limit is set here.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/15m/key",
    "reauthenticate": "20/10m/user",
    "change_password": "10/10m/user",
}
MFA_ADAPTER = "recoup.interfaces.web.sign_in.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1  # the half minute before and after; each code opens once (forms.OnceOnly)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # a browser allows that on this machine only
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "recoup.interfaces.web.sign_in.forms.SignInCode",
    "reauthenticate": "recoup.interfaces.web.sign_in.forms.ConfirmCode",
    "activate_totp": "recoup.interfaces.web.sign_in.forms.FirstCode",
}

# axes: wrong passwords, by name and address together; by name alone with a higher limit.
AXES_HANDLER = "recoup.interfaces.web.sign_in.throttle.Throttle"
AXES_FAILURE_LIMIT = 5
FAILURES_EVERYWHERE = 50
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "recoup.interfaces.web.sign_in.views.paused"
AXES_USERNAME_CALLABLE = "recoup.interfaces.web.sign_in.throttle.counted_name"
AXES_CLIENT_IP_CALLABLE = "recoup.interfaces.web.sign_in.address.client_address"
AXES_USERNAME_FORM_FIELD = "login"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else a stranger keeps a name paused
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in the audit
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# Single sign-on by OpenID Connect; without an issuer there is none.
OIDC_ISSUER = os.environ.get("RECOUP_OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("RECOUP_OIDC_NAME", "") or "SSO"
OIDC_CLIENT_ID = os.environ.get("RECOUP_OIDC_CLIENT_ID", "")
# The claim that names our user at a first sign-in; empty: only who was linked by `recoup staff`.
OIDC_USERNAME_CLAIM = os.environ.get("RECOUP_OIDC_USERNAME_CLAIM", "")
# Values of `amr` or `acr` by which the provider says that a second factor was shown.
OIDC_SECOND_FACTOR = _words("RECOUP_OIDC_SECOND_FACTOR")
OIDC_INSECURE = os.environ.get("RECOUP_OIDC_INSECURE", "") == "1"  # a provider without TLS: tests
SOCIALACCOUNT_ADAPTER = "recoup.interfaces.web.sign_in.oidc.SsoAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "recoup.interfaces.web.sign_in.oidc.SsoProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": _secret("RECOUP_OIDC_CLIENT_SECRET"),
                "settings": {
                    "server_url": OIDC_ISSUER,
                    "oauth_pkce_enabled": True,
                    "token_auth_method": os.environ.get("RECOUP_OIDC_CLIENT_AUTH", "") or None,
                },
            }
        ],
    }
}
SIGN_IN_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]
