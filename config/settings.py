"""Every setting of Undersigned. What an operator may change is read from the environment and documented in
``.env.example``; everything else is decided here."""

import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from config.mail import email_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR)

# --- Where and who
TESTING = "pytest" in sys.modules
DEBUG = env.flag("DEBUG", default=TESTING)
VAR_DIR = Path(env.text("VAR_DIR", "var"))
VAR_DIR = VAR_DIR if VAR_DIR.is_absolute() else BASE_DIR / VAR_DIR
SECRET_KEY = env.secret_key(DEBUG, VAR_DIR)
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is empty; name the site's host, for example letters.example.org."
    )
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
SITE_NAME = env.text("SITE_NAME", "Undersigned")
SITE_ACCENT = env.colour("SITE_ACCENT", "#0b4f6c")
SITE_LOGO = env.text("SITE_LOGO")
TRUSTED_PROXIES = env.items("TRUSTED_PROXIES")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- What it is made of
INSTALLED_APPS = [
    "letters",
    "signatories",
    "config.apps.UndersignedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_countries",
    "django_prose_editor",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]
MIDDLEWARE = [
    "letters.pagecache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "letters.middleware.LanguageMiddleware",
    "letters.middleware.PolicyMiddleware",
    "letters.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "letters.middleware.CsrfViewMiddleware",
    "letters.middleware.AuthenticationMiddleware",
    "letters.middleware.PrivateByDefaultMiddleware",
    "letters.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
# The site stands at the root of its host: what a server may be told of another place never moves an address, or pages
# would be kept under the address of another.
FORCE_SCRIPT_NAME = ""
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "letters.context.site",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Where it keeps things
DATABASES = {"default": env.database(VAR_DIR)}
CACHES = {
    "default": env.env.cache_url_config(env.text("CACHE_URL"))
    if env.text("CACHE_URL")
    else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
}
MEDIA_ROOT = VAR_DIR / "media"
# Drafts of responses and papers lie there; only this software reads them.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
if TESTING:
    # Tests make many people; a password that nobody guards need not be slow to check.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MANIFEST = not DEBUG and not TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not MANIFEST
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
PICTURE_MAX_BYTES = 8 * 1024 * 1024
RESPONSE_MAX_BYTES = 20 * 1024 * 1024

# --- Mail
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 30, least=1)
globals().update(email_settings(env.text("EMAIL_URL"), VAR_DIR, EMAIL_TIMEOUT))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <letters@localhost>")
# A message that a worker took so long ago without an end is taken up by another; longer than a mail server may think.
MAIL_STALE_SECONDS = env.number("MAIL_STALE_SECONDS", 300, least=1)
MAIL_FIRST_WAIT_SECONDS = env.number("MAIL_FIRST_WAIT_SECONDS", 60, least=1)
MAIL_PER_MINUTE = env.number("MAIL_PER_MINUTE", 0)  # of all workers together; 0 is as fast as it goes
MESSAGE_DAYS = env.number("MESSAGE_DAYS", 30, least=1)
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS")
BOUNCE_SECRET = env.secret("BOUNCE_SECRET")
BOUNCE_MAILBOX = env.text("BOUNCE_MAILBOX")

# --- Language and time
LANGUAGE_CODE = "en"
# Of the interface, each named in its own script; all but the first have their code as prefix of every address.
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("ru", "Русский"),
    ("zh", "中文"),
]
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Signing. Spans are stated on the pages and in the mails that they rule.
SIGN_MIN_SECONDS = env.number("SIGN_MIN_SECONDS", 2)
SIGN_FORM_HOURS = env.number("SIGN_FORM_HOURS", 24, least=1)
SIGN_LIMIT_ADDRESS = env.number("SIGN_LIMIT_ADDRESS", 30, least=1)
SIGN_LIMIT_EMAIL = env.number("SIGN_LIMIT_EMAIL", 10, least=1)
LOGIN_LIMIT = env.number("LOGIN_LIMIT", 20, least=1)
SIGN_LIMIT_LETTER = env.number("SIGN_LIMIT_LETTER", 3000, least=1)
CONFIRM_WITHIN = timedelta(days=env.number("CONFIRM_DAYS", 7, least=1))
CONFIRM_GRACE = timedelta(hours=24)
REMIND_AFTER = timedelta(hours=env.number("REMIND_HOURS", 48, least=1))
DIGEST_EVERY = timedelta(hours=env.number("DIGEST_HOURS", 24, least=1))
RETENTION_MONTHS = env.number("RETENTION_MONTHS", 12, least=1)
SIGNATORIES_SHOWN = env.number("SIGNATORIES_SHOWN", 1000, least=1)
SIGNATORIES_PER_PAGE = 200
# How many invitations a minute are offered to be sent, where an editor says nothing else.
INVITATIONS_PER_MINUTE = env.number("INVITATIONS_PER_MINUTE", 60, least=1)

# A document of a letter with more names than these is made by the worker and kept.
DOCUMENT_AT_ONCE = env.number("DOCUMENT_AT_ONCE", 2000)

# --- Caching of public pages (seconds). A shared cache may hold a page for PAGE_SHARED_SECONDS; this process
# holds it for PAGE_CACHE_SECONDS and then asks the database again.
PAGE_SHARED_SECONDS = env.number("PAGE_SHARED_SECONDS", 10)
PAGE_CACHE_SECONDS = 0 if TESTING else env.number("PAGE_CACHE_SECONDS", 1)

# --- Safety
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
# The rich-text editor of the desk carries an import map (given a nonce) and writes style attributes.
ADMIN_CSP = {"script-src": [SELF, NONCE], "style-src": [SELF, "'unsafe-inline'"]}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Logs: keys never reach them (letters.logs redacts paths that carry one)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "letters.logs.RedactKeys"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
