"""Settings of the installation. What differs between machines comes from `environment`."""

from __future__ import annotations

import os

from tricorn.config import environment

HOME = environment.home()
SECRET_KEY = environment.secret(HOME)
DEBUG = os.environ.get("TRICORN_DEBUG") == "yes"
PUBLIC_URL = environment.public_address()
ALLOWED_HOSTS = environment.hosts(PUBLIC_URL)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "tricorn.journal",
    "tricorn.files",
    "tricorn.search",
    "tricorn.parties",
    "tricorn.catalogue",
    "tricorn.standing",
    "tricorn.agreements",
    "tricorn.knowledge",
    "tricorn.tickets",
    "tricorn.automation",
    "tricorn.notices",
    "tricorn.insight",
    "tricorn.mail",
    "tricorn.api",
    "ninja",
    "tricorn.web",
    "tricorn.demo",
]

MIDDLEWARE = [
    "tricorn.api.middleware.Problems",
    "django.middleware.security.SecurityMiddleware",
    "tricorn.web.middleware.SafePages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tricorn.web.middleware.WhoAndWhen",
    "tricorn.web.middleware.Refusals",
]

ROOT_URLCONF = "tricorn.config.urls"
# Pages of Manage that know another door besides; see web/manage/urls.py.
MANAGE_GUESTS = ["tricorn.config.letters.urls"]
WSGI_APPLICATION = "tricorn.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tricorn.web.context.house",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "tricorn.web.templatetags.fixed",
            ],
        },
    },
]
FORM_RENDERER = "tricorn.web.forms.Renderer"

DATABASES = {"default": environment.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Addresses are unique whatever their case: a constraint on Lower("email"), which this check misses.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["tricorn.web.sessions.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/welcome/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "tricorn.config.signin.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Signing up is closed; without a password here allauth would offer none for signing in either.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
# Whoever types a strange address makes nobody get mail.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
FILES_ROOT = HOME / "files"
AGREEMENTS_ROOT = HOME / "agreements"
# The largest thing a form may bring along; photos are bounded by the files package besides.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_ENGINE = "tricorn.web.sessions"
SESSION_COOKIE_NAME = "tricorn_session"
CSRF_COOKIE_NAME = "tricorn_form"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if SECURE else None
if os.environ.get("TRICORN_PROXY") == "yes":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "tricorn.web.errors.form_too_old"

MAIL = environment.mail()
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST = MAIL.host
EMAIL_PORT = MAIL.port
EMAIL_HOST_USER = MAIL.name
EMAIL_HOST_PASSWORD = MAIL.password
EMAIL_USE_SSL = MAIL.use_ssl
EMAIL_USE_TLS = MAIL.use_tls
# Shorter than the lease of a delivery, so that a silent server does not make two of one.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = MAIL.sender
REPLY_TO = MAIL.reply_to
LETTERS_PER_HOUR = environment.letters_per_hour()
LMTP = environment.lmtp()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"private": {"()": "tricorn.config.logs.WithoutPrivateLinks"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["private"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"tricorn": {"level": "INFO"}},
}
