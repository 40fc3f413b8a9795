"""Settings. Everything that differs between installations comes from the environment (RECOUP_*)."""

import os
from pathlib import Path

from recoup.config.sign_in_settings import *  # noqa: F403
from recoup.config.sign_in_settings import HTTPS, PROXIES, SIGN_IN_APPS
from recoup.foundation.database_url import settings_of
from recoup.foundation.secret_key import load_secret_key

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("RECOUP_VAR", ROOT / "var"))

DEBUG = os.environ.get("RECOUP_DEBUG", "") == "1"
SECRET_KEY = load_secret_key(VAR)
ALLOWED_HOSTS = os.environ.get("RECOUP_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("RECOUP_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "recoup.foundation",
    "recoup.foundation.access",
    "recoup.foundation.audit",
    "recoup.foundation.vault",
    "recoup.foundation.filestore",
    "recoup.foundation.throttle",
    "recoup.modules.parties",
    "recoup.modules.contracts",
    "recoup.modules.vehicles",
    "recoup.modules.ledger",
    "recoup.modules.arrears",
    "recoup.modules.compliance",
    "recoup.modules.workforce",
    "recoup.modules.approvals",
    "recoup.modules.cases",
    "recoup.modules.assignment",
    "recoup.modules.comms",
    "recoup.modules.plans",
    "recoup.modules.desk",
    "recoup.modules.custody",
    "recoup.modules.strategy",
    "recoup.modules.intake",
    "recoup.modules.analytics",
    "recoup.modules.exports",
    "recoup.modules.privacy",
    "recoup.modules.webhooks",
    "recoup.interfaces.ui",
    "recoup.interfaces.inspection",
    "recoup.interfaces.web",
    "recoup.interfaces.web.sign_in",
    "recoup.interfaces.api",
    "recoup.interfaces.cli",
    "recoup.foundation.sign_in",
    *SIGN_IN_APPS,
]
MIDDLEWARE = [
    "recoup.interfaces.web.hardening.Hardened",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "recoup.interfaces.api.door.ApiDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "recoup.interfaces.web.entering.Entering",
    "recoup.interfaces.web.language.LanguageMiddleware",
    "recoup.interfaces.web.hardening.NotTooOften",
    "recoup.interfaces.web.doorway.SignInRequired",
    "recoup.interfaces.web.allowed.SayNotAllowed",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "recoup.interfaces.web.doorway.ContentPolicy",
    "recoup.interfaces.web.sign_in.demands.OwnPasswordFirst",
    "recoup.interfaces.web.sign_in.demands.StaySignedIn",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "recoup.config.urls"
WSGI_APPLICATION = "recoup.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "recoup.interfaces.web.shell.shell",
            ],
        },
    }
]

DATABASES = {"default": settings_of(os.environ, VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "workforce.User"
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "recoup.interfaces.web.entering.EnteringBackend",
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("RECOUP_TIME_ZONE", "Asia/Shanghai")
USE_THOUSAND_SEPARATOR = False

# When the night starts by itself, as five cron fields in TIME_ZONE; empty: never.
NIGHT_CRON = os.environ.get("RECOUP_NIGHT_CRON", "")
PROCRASTINATE_IMPORT_PATHS = [
    "recoup.interfaces.worker.night_tasks",
    "recoup.interfaces.worker.intake_tasks",
    "recoup.interfaces.worker.audit_tasks",
    "recoup.interfaces.worker.file_tasks",
    "recoup.interfaces.worker.export_tasks",
    "recoup.interfaces.worker.privacy_tasks",
    "recoup.interfaces.worker.throttle_tasks",
    "recoup.interfaces.worker.webhook_tasks",
    "recoup.interfaces.worker.sign_in_tasks",
]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
# Where sealed files lie: s3://bucket/prefix (with the usual AWS_* variables); empty: MEDIA_ROOT.
FILES_URL = os.environ.get("RECOUP_FILES_URL", "")
# Who scans them: unix:/run/clamav/clamd.ctl, tcp:host:3310 or none.
SCANNER = os.environ.get("RECOUP_SCANNER", "none")
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site builds its pages from our files
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Behind TLS (RECOUP_HTTPS=1): browsers come by it alone, for two years, and cookies go no other
# way. Whether they came by it our own proxy says, where there is one (RECOUP_PROXIES).
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^api/"]  # a machine is refused instead: it would send its key again
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading binds a whole domain: its owner's choice

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "recoup.foundation.request_log.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": os.environ.get("RECOUP_LOG_LEVEL", "WARNING")},
}
