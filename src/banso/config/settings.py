"""Django's settings. Reads the environment; starts nothing."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from banso.config import env
from banso.config.database import database
from banso.config.logs import LOGGING  # noqa: F401  (Django reads it here)

DATA = env.data_folder()
METRICS_TOKEN = env.text("BANSO_METRICS_TOKEN")  # empty: /metrics is not there
SECRET_KEY = env.secret_key(DATA)
DEBUG = env.flag("BANSO_DEBUG")
# By its name: browsers make no passkeys for a bare address.
OWN_URL = f"http://localhost:{env.text('BANSO_PORT', '8210')}"
PUBLIC_URL = env.text("BANSO_URL", OWN_URL).rstrip("/")
ALLOWED_HOSTS = [
    *("127.0.0.1", "localhost", "[::1]"),
    urlsplit(PUBLIC_URL).hostname or "",
    *env.names("BANSO_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

ROOMS = [
    "banso.core",
    "banso.customers",
    "banso.work",
    "banso.touchpoints.usage",
    "banso.insight.metrics",
    "banso.insight.health",
    "banso.office.connections",
    "banso.home",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    *ROOMS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "banso.core.metrics.CountRequests",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "banso.core.middleware.ContentSecurityPolicy",
    "banso.core.middleware.TroubleInWords",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "banso.core.middleware.PlainText",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "banso.core.middleware.FragmentsAreNotPages",
    "banso.core.middleware.OpenWorkspace",
    "banso.core.middleware.RefusalsInWords",
]
ROOT_URLCONF = "banso.config.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "banso.core.context.page",
                "banso.home.navigation.nav",
            ],
        },
    }
]

# Addresses of the own network that Banso may ask on an owner's behalf (sign-in services).
LAN = env.names("BANSO_LAN")

DATABASES = {"default": database(env.text("DATABASE_URL"), threads=8)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Rate limits live here: whoever fills it with junk must not push them out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "/", "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "banso.core.accounts.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# count/time/per: `key` is the e-mail address (or the account) that is tried.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,50/10m/ip",
    "reset_password": "20/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "provider": "60/m/ip",
}
ACCOUNT_FORMS = {
    "reset_password": "banso.core.account_forms.AskForLink",
    "reset_password_from_key": "banso.core.account_forms.NewPassword",
    "change_password": "banso.core.account_forms.OtherPassword",
    "reauthenticate": "banso.core.account_forms.ConfirmByPassword",
}
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
CSRF_FAILURE_VIEW = "banso.core.views.errors.forged"
MFA_TOTP_ISSUER = "Banso"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an owner gave the address; nobody signs up by themselves
MFA_ADAPTER = "banso.core.second_step.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
MFA_FORMS = {
    "login_webauthn": "banso.core.account_forms.EnterByPasskey",
    "authenticate_webauthn": "banso.core.account_forms.StepByPasskey",
    "reauthenticate_webauthn": "banso.core.account_forms.ConfirmByPasskey",
    "add_webauthn": "banso.core.account_forms.AddPasskey",
}

EMAIL_BACKEND = "banso.core.senders.smtp.Backend"
EMAIL_HOST = env.text("BANSO_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(env.text("BANSO_SMTP_PORT", "25"))
EMAIL_HOST_USER = env.text("BANSO_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("BANSO_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("BANSO_SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("BANSO_MAIL_FROM", "banso@localhost")

# Messages a second that one source may send to one web process, over ten seconds; 0: any number.
TRACKING_RATE = int(env.text("BANSO_TRACKING_RATE", "2000"))

SLACK_WEBHOOKS = env.text("BANSO_SLACK_URL", "https://hooks.slack.com/")
CHATWORK_API = env.text("BANSO_CHATWORK_URL", "https://api.chatwork.com/v2")

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [env.ROOT / "locale"]
USE_I18N = True
USE_TZ, TIME_ZONE = True, "UTC"  # people choose a zone, rows never do

# Folders whose files repeated imports may take, besides each workspace's own in the data folder.
IMPORT_FOLDERS = env.names("BANSO_IMPORT_FOLDERS")

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "banso.core.static_names.NamedOnce"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
MEDIA_ROOT = DATA / "files"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "banso.core.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W004"]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = "banso.core.jobs.on_app_ready"
