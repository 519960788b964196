"""Django settings; every one that an operator may change is an environment variable named in docs/settings.md."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from zhengshu.foundation.addresses import public_url
from zhengshu.foundation.tlog.keys import log_origin
from zhengshu.project import database, secrets

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = PACKAGE.parent.parent
DATA_FOLDER = database.DATA_FOLDER
PACKS_FOLDER = Path(os.environ.get("ZHENGSHU_PACKS", PROJECT / "packs"))

HOST = os.environ.get("ZHENGSHU_HOST", "127.0.0.1")
WEB_PORT = int(os.environ.get("ZHENGSHU_WEB_PORT", "8000"))
GATEWAY_PORT = int(os.environ.get("ZHENGSHU_GATEWAY_PORT", "8001"))
PUBLIC_URL = public_url(os.environ)
FORMS_SYSTEM = os.environ.get("ZHENGSHU_FORMS_SYSTEM", "政枢办件")
GATEWAY_URL = os.environ.get("ZHENGSHU_GATEWAY_URL", f"http://{HOST}:{GATEWAY_PORT}")

DEBUG = os.environ.get("ZHENGSHU_DEBUG", "") == "1"
SECRET_KEY = secrets.django_key(DATA_FOLDER)
ROOT_KEY_FILE = Path(os.environ.get("ZHENGSHU_ROOT_KEY_FILE", DATA_FOLDER / "keys" / "root.key"))
ALLOWED_HOSTS = os.environ.get("ZHENGSHU_ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{HOST}").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
IS_SECURE = PUBLIC_URL.startswith("https://")

CONTEXTS = (
    "trust",
    "casework",
    "catalog",
    "lake",
    "quality",
    "exchange",
    "certificates",
    "services",
    "portal",
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "procrastinate.contrib.django",
    "zhengshu.foundation",
    *(f"zhengshu.contexts.{context}" for context in CONTEXTS),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhengshu.foundation.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "zhengshu.foundation.ui.chinese.ChineseMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhengshu.foundation.http.headers.SecurityHeadersMiddleware",
    "zhengshu.foundation.http.kept.KeepMiddleware",
    "zhengshu.contexts.trust.interfaces.middleware.ActorMiddleware",
    "zhengshu.contexts.services.interfaces.kiosk_middleware.KioskMiddleware",
    "zhengshu.foundation.http.problems.RefusalMiddleware",
    "zhengshu.foundation.http.rules.RuleMiddleware",
]

PACKAGES_WITH_OWN_ACCESS_RULES = ("allauth", "ninja")

ROOT_URLCONF = "zhengshu.project.urls"
WSGI_APPLICATION = "zhengshu.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "foundation" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "zhengshu.contexts.portal.interfaces.navigation.navigation",
            ],
            "builtins": ["zhengshu.foundation.ui.tags"],
        },
    }
]
FORM_RENDERER = "zhengshu.foundation.ui.forms.Renderer"

DATABASES = {
    "default": {
        **database.options(os.environ.get("DATABASE_URL", "postgresql:///zhengshu")),
        "TEST": {"NAME": os.environ.get("ZHENGSHU_TEST_DATABASE", "test_zhengshu")},
    }
}

AUTH_USER_MODEL = "trust.Account"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004"
]  # user names are unique whatever their case, by a constraint on lower(username)
AUTHENTICATION_BACKENDS = ["zhengshu.contexts.trust.interfaces.backends.AccountBackend"]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "zhengshu.contexts.trust.interfaces.adapters.AccountAdapter"
# Failures are counted in the database, for all processes together (trust.application.guard_sign_in). What is left
# here bounds one address, generously: a whole office may stand behind one.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": None, "reauthenticate": "30/m/user"}
MFA_ADAPTER = "zhengshu.contexts.trust.interfaces.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "zhengshu.contexts.trust.interfaces.factor_forms.GuardedAuthenticateForm",
    "reauthenticate": "zhengshu.contexts.trust.interfaces.factor_forms.GuardedReauthenticateForm",
    "add_webauthn": "zhengshu.contexts.trust.interfaces.factor_forms.AddKeyForm",
    "edit_webauthn": "zhengshu.contexts.trust.interfaces.factor_forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_TOTP_ISSUER = "Zhengshu"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_SECURE
IDP_OIDC_ADAPTER = "zhengshu.contexts.trust.interfaces.sign_on.adapter.OpenIdAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 15 * 60
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 5 * 60
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "foundation" / "locale"]
TIME_ZONE = os.environ.get("ZHENGSHU_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "zhengshu.foundation.ui.finders.VendorFinder",
]
NODE_FOLDER = Path(os.environ.get("ZHENGSHU_NODE_MODULES", PROJECT / "node_modules"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zhengshu.foundation.ui.storage.StaticStorage"},
}
MEDIA_ROOT = DATA_FOLDER / "files"
MAIL_HOST = os.environ.get("ZHENGSHU_MAIL_HOST", "")
MAIL_PORT = int(os.environ.get("ZHENGSHU_MAIL_PORT", "587"))
MAIL_SECURITY = os.environ.get("ZHENGSHU_MAIL_SECURITY", "starttls")
MAIL_USER = os.environ.get("ZHENGSHU_MAIL_USER", "")
MAIL_PASSWORD = secrets.from_file(os.environ.get("ZHENGSHU_MAIL_PASSWORD_FILE", ""))
MAIL_FROM = os.environ.get("ZHENGSHU_MAIL_FROM", "Zhengshu <noreply@localhost>")
MAIL_SECONDS = int(os.environ.get("ZHENGSHU_MAIL_SECONDS", "20"))
SMS_OUTBOX = os.environ.get("ZHENGSHU_SMS_OUTBOX", "")

DIRECTORY_URL = os.environ.get("ZHENGSHU_LDAP_URL", "")
DIRECTORY_BIND = os.environ.get("ZHENGSHU_LDAP_BIND", "")
DIRECTORY_PASSWORD_FILE = Path(os.environ.get("ZHENGSHU_LDAP_PASSWORD_FILE", DATA_FOLDER / "keys" / "ldap"))
DIRECTORY_BASE = os.environ.get("ZHENGSHU_LDAP_BASE", "")
DIRECTORY_FILTER = os.environ.get("ZHENGSHU_LDAP_FILTER", "(objectClass=inetOrgPerson)")
DIRECTORY_DEPARTMENT = os.environ.get("ZHENGSHU_LDAP_DEPARTMENT", "departmentNumber")

FONTS_FOLDER = os.environ.get("ZHENGSHU_FONTS", "")

FILES_SCANNER = os.environ.get("ZHENGSHU_FILES_SCANNER", "")

WORKER_NICE = int(os.environ.get("ZHENGSHU_WORKER_NICE", "10"))

CITY_PERSONS = int(os.environ.get("ZHENGSHU_CITY_PERSONS", "200000"))
LAKE_LOCATION = os.environ.get("ZHENGSHU_LAKE", f"file://{DATA_FOLDER}/lake")
LAKE_MOST_UPLOAD_BYTES = int(os.environ.get("ZHENGSHU_LAKE_MOST_UPLOAD_MB", "4096")) << 20
LAKE_MOST_UNPACKED_BYTES = int(os.environ.get("ZHENGSHU_LAKE_MOST_UNPACKED_MB", "1024")) << 20
LAKE_MOST_SET_ASIDE = int(os.environ.get("ZHENGSHU_LAKE_MOST_SET_ASIDE", "100000"))

QUALITY_PACK = os.environ.get("ZHENGSHU_QUALITY_PACK", "demo-city")
QUALITY_SCORE_MODEL = os.environ.get("ZHENGSHU_QUALITY_SCORE_MODEL", "standard")

PROOF_LOG_FOLDER = Path(os.environ.get("ZHENGSHU_PROOF_LOG", DATA_FOLDER / "proof-log"))
PROOF_MONITOR_FOLDER = DATA_FOLDER / "proof-monitor"
PROOF_LOG_ORIGIN = log_origin(os.environ)

SEAL_TIMESTAMP_URLS = {
    "sm2-sm3": os.environ.get("ZHENGSHU_SEAL_TIMESTAMP_URL_SM2", ""),
    "ecdsa-p256-sha256": os.environ.get("ZHENGSHU_SEAL_TIMESTAMP_URL", ""),
}
SEAL_TRUST_FOLDER = os.environ.get("ZHENGSHU_SEAL_TRUST", "")

SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000  # a resource may have 1,600 items of a dozen fields in one form
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Django by itself says nothing about a failed page unless DEBUG is on.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"faults": {"()": "zhengshu.foundation.faults.FaultFormatter"}},
    "handlers": {"faults": {"class": "logging.StreamHandler", "formatter": "faults"}},
    "loggers": {
        "django.request": {"handlers": ["faults"], "level": "ERROR", "propagate": False},
        "procrastinate": {"handlers": ["faults"], "level": "WARNING", "propagate": False},
    },
}

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
STEP_UP_URL = "/identity/step-up/"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "interfaces.jobs"
PROCRASTINATE_IMPORT_PATHS = [
    "zhengshu.foundation.outbox_jobs",
    "zhengshu.foundation.stalled_jobs",
    "zhengshu.foundation.files.jobs",
    "zhengshu.foundation.vault.jobs",
]
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "stalled_worker_timeout": 60.0}
