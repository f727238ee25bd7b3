"""The one place where the environment is read.

Without any variable the portal runs embedded: SQLite, the file-system broker, mail written to files,
all below ``var/``. ``DATABASE_URL``, ``REDIS_URL`` and ``EMAIL_URL`` put the same code on PostgreSQL,
Redis and a mail server. Everything is denied unless a route says otherwise (``regulator.accounts.policies``).
"""

import sys
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from regulator.secret import embedded_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("PORTAL_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
TESTING = "pytest" in sys.modules

DEBUG = env.bool("DEBUG", default=False)
PORTAL_URL = env.str("PORTAL_URL", default="http://localhost:8000").rstrip("/")
HTTPS = PORTAL_URL.startswith("https://")
# Without a database server or a public address this is a demonstration: invented people may sign in with
# printed passwords. Switched off, whoever is left of them is refused (regulator.accounts.backends).
DEMONSTRATION = env.bool("DEMONSTRATION", default=not (HTTPS or env.str("DATABASE_URL", default="")))
# CQC's staff reach the desk only with a second step of signing in (regulator.accounts.second_factor).
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=not DEMONSTRATION)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEMONSTRATION or TESTING):
        raise ImproperlyConfigured("Set SECRET_KEY: every web process of the portal must share one.")
    SECRET_KEY = embedded_secret_key(VAR_DIR / "secret_key")
# Former keys, the newest first: what was signed, digested (docs/decisions/0012) or sealed under one counts.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Applications --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "regulator.desk_config.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_celery_beat",
    "django_filters",
    "django_structlog",
    "drf_spectacular",
    "rest_framework",
    "simple_history",
    "regulator.frontend",
    "regulator.accounts",
    "regulator.organisations",
    "regulator.legislation",
    "regulator.casework",
    "regulator.editions",
    "regulator.deadlines",
    "regulator.outbox",
    "regulator.people",
    "regulator.retention",
    "regulator.risk",
    "regulator.statistics",
    "regulator.statistics.reports",
    "regulator.statistics.totals",
    "regulator.statistics.tabulation",
    "regulator.runtime",
    "notifications",
    "notifications.guidance",
    "notifications.learning",
    "inspections",
    "inspections.checklists",
    "inspections.concerns",
    "inspections.correspondence",
    "inspections.diary",
    "inspections.plans",
    "inspections.programme",
    "inspections.questionnaires",
    "enforcement",
    "enforcement.papers",
    "enforcement.compliance",
    "enforcement.gate",
    "enforcement.register",
    "enforcement.snapshots",
    "enforcement.alerts",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "regulator.accounts.middleware.PrivatePagesMiddleware",
    "regulator.accounts.middleware.SessionUseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "regulator.accounts.middleware.PolicyMiddleware",
    "regulator.editions.middleware.OneLookMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "regulator.accounts.logging.RequestLogMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "regulator.urls"
WSGI_APPLICATION = "regulator.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "regulator.pages.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "desk"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data ----------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
    }
    # On disk, so that the live server's threads and a real worker see the database that the test sees.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"] = {"pool": not TESTING}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 3, "socket_timeout": 3},
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # A full table throws counts away at random; with 300, as Django has it, a few callers would fill it.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# People --------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["regulator.accounts.backends.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home_for_role"
LOGOUT_REDIRECT_URL = "front_page"
ACCOUNT_ADAPTER = "regulator.accounts.adapter.InvitedOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "regulator.accounts.forms.LoginForm",
    "change_password": "regulator.accounts.forms.ChangePasswordForm",
    "set_password": "regulator.accounts.forms.SetPasswordForm",
    "reset_password": "regulator.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "regulator.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "regulator.accounts.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_ADAPTER = "regulator.accounts.adapter.SecondFactorAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "IR(ME)R portal"
# A code may be typed half a minute late, or come from a telephone whose clock is as much wrong.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "regulator.accounts.forms.CodeForm",
    "reauthenticate": "regulator.accounts.forms.CodeAgainForm",
    "activate_totp": "regulator.accounts.forms.AppForm",
    "add_webauthn": "regulator.accounts.forms.PasskeyForm",
    "edit_webauthn": "regulator.accounts.forms.PasskeyNameForm",
}

# CQC's identity provider for staff (OpenID Connect); none unless its address is given.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="").rstrip("/")
OIDC_NAME = env.str("OIDC_NAME", default="your CQC account")
OIDC_EMAIL_CLAIM = env.str("OIDC_EMAIL_CLAIM", default="email")
# Which of its words for how somebody signed in (amr) stand for a second factor that counts here.
OIDC_SECOND_FACTOR = env.list("OIDC_SECOND_FACTOR", default=[])
if OIDC_SERVER_URL and not (OIDC_SERVER_URL.startswith("https://") or DEMONSTRATION):
    raise ImproperlyConfigured("OIDC_SERVER_URL must be an https address.")
SOCIALACCOUNT_ADAPTER = "regulator.accounts.adapter.StaffOnlyAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["staff_oidc"] = {
        "APPS": [
            {
                "provider_id": "staff",
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER_URL, "fetch_userinfo": False},
            }
        ]
    }

# How many proxies of its own stand before the portal: only what they add to X-Forwarded-For is believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Pages and static files ----------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Built at set-up from the npm package (`make install`); see regulator/frontend/build.py.
FRONTEND_DIR = Path(env.str("PORTAL_FRONTEND", default=str(VAR_DIR / "frontend")))
FRONTEND_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "regulator" / "assets", FRONTEND_DIR]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "files")},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "regulator.frontend.storage.PortalStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
# Compressing is most of the set-up time: leave out the copies without a hash, and the source maps.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", *Compressor.SKIP_COMPRESS_EXTENSIONS]

# Safety --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by a load balancer, inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_ENGINE = "regulator.accounts.sessions"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "regulator.pages.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "regulator.multipart.PathHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Addresses whose next part is a secret: it is blotted out of every log line.
SECRET_PATHS = (
    "/sign-off/",
    "/invitation/",
    "/joining/",
    "/account/password/reset/key/",
    "/diary/",
    "/digest/stop/",
    "/register-alerts/confirm/",
    "/register-alerts/stop/",
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "regulator.accounts.logging.SecretPathsFilter"}},
    "loggers": {
        name: {"filters": ["secrets"]}
        for name in (
            "django.request",
            "django.server",
            "django.security.csrf",
            "regulator.accounts.middleware",
        )
    },
}

# Files ---------------------------------------------------------------------------------------------

# Where clamd listens: tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl. Without it a file passes on the
# check of its content that was made at upload, and every page that shows it says so.
CLAMAV_URL = env.str("CLAMAV_URL", default="")
CLAMAV_TIMEOUT = env.int("CLAMAV_TIMEOUT", default=30)  # seconds, for each exchange with clamd

# Clocks that no rule fixes --------------------------------------------------------------------------

# For how long somebody opens a restricted case on which they are not named, once they broke the glass.
BREAK_GLASS_HOURS = env.int("BREAK_GLASS_HOURS", default=8)
INSPECTION_FEEDBACK_WORKING_DAYS = env.int("INSPECTION_FEEDBACK_WORKING_DAYS", default=20)
INSPECTION_PLAN_DAYS = env.int("INSPECTION_PLAN_DAYS", default=28)
INSPECTION_ACCURACY_WORKING_DAYS = env.int("INSPECTION_ACCURACY_WORKING_DAYS", default=10)
CONCERN_ASSESSMENT_WORKING_DAYS = env.int("CONCERN_ASSESSMENT_WORKING_DAYS", default=2)
CONCERN_ACTION_WORKING_DAYS = env.int("CONCERN_ACTION_WORKING_DAYS", default=1)
# By when CQC answers what an employer files about a notice.
NOTICE_EVIDENCE_WORKING_DAYS = env.int("NOTICE_EVIDENCE_WORKING_DAYS", default=10)
NOTICE_MORE_TIME_WORKING_DAYS = env.int("NOTICE_MORE_TIME_WORKING_DAYS", default=5)
NOTICE_APPEAL_WORKING_DAYS = env.int("NOTICE_APPEAL_WORKING_DAYS", default=2)
NOTICE_PUBLIC_APPEAL_WORKING_DAYS = env.int("NOTICE_PUBLIC_APPEAL_WORKING_DAYS", default=1)

# E-mail --------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="filemail:"))
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 60  # seconds; a server that scans a letter before it answers is slow, not broken
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="IR(ME)R portal <irmer-portal@example.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OUTBOX_MESSAGE_ID_DOMAIN = env.str("OUTBOX_MESSAGE_ID_DOMAIN", default="irmer-portal.example.invalid")
# How long after a sender was killed another takes over. A living one renews, however slow the server.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=60)

# Celery --------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT = None if REDIS_URL else "regulator.broker:FilesystemTransport"
# A broker that is down is found out at once: whoever pressed a button must not wait for a lost hint.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"max_retries": 0, "socket_connect_timeout": 3}
    if REDIS_URL
    else {"folder": str(VAR_DIR / "broker"), "polling_interval": 0.05}
)
if TESTING:  # A test's hints stay in its own process; a test of a real worker starts one without pytest.
    CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT, CELERY_BROKER_TRANSPORT_OPTIONS = "memory://", None, {}
# Remote control leaves a queue behind for each killed worker, and on files nobody ever empties it.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
DJANGO_CELERY_BEAT_TZ_AWARE = True
# In Europe/London time. Each task finds its own work in the database, so a missed hour is made up for.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "outbox.sweep": {"task": "outbox.sweep", "schedule": 60.0},
    "casework.remind_of_views": {"task": "casework.remind_of_views", "schedule": crontab(hour=8, minute=10)},
    "casework.scan_attachments": {"task": "casework.scan_attachments", "schedule": 60.0},
    "casework.index_cases": {"task": "casework.index_cases", "schedule": 60.0},
    "casework.make_bundles": {"task": "casework.make_bundles", "schedule": 60.0},
    "casework.remove_bundles": {"task": "casework.remove_bundles", "schedule": crontab(hour=3, minute=15)},
    "casework.remove_leftovers": {
        "task": "casework.remove_leftovers",
        "schedule": crontab(hour=3, minute=45),
    },
    "accounts.forget_sessions": {"task": "accounts.forget_sessions", "schedule": crontab(minute=50)},
    "editions.begin": {"task": "editions.begin", "schedule": crontab(minute=2)},
    "deadlines.remind": {"task": "deadlines.remind", "schedule": crontab(minute=5)},
    "deadlines.escalate": {"task": "deadlines.escalate", "schedule": crontab(hour=7, minute=0)},
    "enforcement.keep_papers": {"task": "enforcement.keep_papers", "schedule": 60.0},
    "enforcement.propose_facts": {
        "task": "enforcement.propose_facts",
        "schedule": crontab(hour=6, minute=10),
    },
    "enforcement.propose_publication": {
        "task": "enforcement.propose_publication",
        "schedule": crontab(hour=6, minute=0),
    },
    "enforcement.propose_redrawn": {
        "task": "enforcement.propose_redrawn",
        "schedule": crontab(hour=6, minute=20),
    },
    "gate.release_entries": {"task": "gate.release_entries", "schedule": 60.0},
    "guidance.forget_comments": {"task": "guidance.forget_comments", "schedule": crontab(hour=3, minute=55)},
    # On each day, so that a first of the month that was missed is made up for.
    "guidance.tell": {"task": "guidance.tell", "schedule": crontab(hour=8, minute=50)},
    "notifications.forget_requests": {
        "task": "notifications.forget_requests",
        "schedule": crontab(hour=3, minute=40),
    },
    "notifications.look_for_patterns": {
        "task": "notifications.look_for_patterns",
        "schedule": crontab(minute=35),
    },
    "notifications.tend_drafts": {"task": "notifications.tend_drafts", "schedule": crontab(minute=20)},
    "organisations.remind_of_activity": {
        "task": "organisations.remind_of_activity",
        "schedule": crontab(hour=8, minute=30),
    },
    "register_alerts.forget_unconfirmed": {
        "task": "register_alerts.forget_unconfirmed",
        "schedule": crontab(minute=40),
    },
    "register_alerts.tell": {"task": "register_alerts.tell", "schedule": crontab(minute=25)},
    "register_snapshots.make": {"task": "register_snapshots.make", "schedule": crontab(hour=1, minute=30)},
    "register_snapshots.take_out_removed": {
        "task": "register_snapshots.take_out_removed",
        "schedule": crontab(minute=15),
    },
    "reports.make_documents": {"task": "reports.make_documents", "schedule": 60.0},
    "retention.redact_due": {"task": "retention.redact_due", "schedule": 60.0},
    "risk.nightly_run": {"task": "risk.nightly_run", "schedule": crontab(hour=2, minute=0)},
    "totals.follow": {"task": "totals.follow", "schedule": 60.0},
    "totals.recount": {"task": "totals.recount", "schedule": crontab(hour=2, minute=40)},
}

# What caches keep of the statistics is of the code that counts and words them, in each app.
CODE_OF_FIGURES = (
    "notifications/figures",
    "notifications/totals.py",
    "inspections/figures.py",
    "inspections/totals.py",
    "enforcement/figures.py",
    "enforcement/totals.py",
    "regulator/organisations/models",
)

# API -----------------------------------------------------------------------------------------------

# Calls in a minute: of each API key (or person in a session), reads and writes apart, and of each address
# that asks the criteria checker. 0 counts nothing, for a portal whose gateway does.
API_READS_A_MINUTE = env.int("API_READS_A_MINUTE", default=300)
API_WRITES_A_MINUTE = env.int("API_WRITES_A_MINUTE", default=60)
API_CHECKS_A_MINUTE = env.int("API_CHECKS_A_MINUTE", default=120)

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["regulator.accounts.policies.DeclaredPolicy"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["regulator.parsers.StorableJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.URLPathVersioning",
    "DEFAULT_VERSION": "v1",
    "ALLOWED_VERSIONS": ["v1"],
    "EXCEPTION_HANDLER": "regulator.problems.problem_response",
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": TRUSTED_PROXIES,
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "IR(ME)R portal",
    "DESCRIPTION": """\
The public enforcement register, the criteria checker, and an employer's own notifications and
activity.

* An employer's system signs in with an API key: `Authorization: Bearer irmer_...`. It acts as one of the
  employer's people, for that employer alone; a key that may only read writes nothing.
* A change carries the `version` that was read. A stale one is refused (409), with the current one.
* A deed (`POST`) may carry an `Idempotency-Key`: sent again, it is not done again.
* Every refusal is `application/problem+json` in one shape (`Problem`): `errors` names the fields at fault,
  those of a part with dots (`dose_rows.0.value`).
* A parameter that there is not is refused (400) by everything that can be read without a key: `errors` names
  it and, where one is near, the parameter that was perhaps meant. It is never left out in silence.
* Text that seems to identify a patient is refused with its place (`identifiers`). Sent again with a reason in
  `identifies_nobody` it is taken.
* Decimals are strings. Days are days in Europe/London; times are UTC.
* JSON is UTF-8, of at most 5 MB, 20 levels and 5,000 values; a form with a file has at most 26 MB.
* Calls of a key are counted by the minute, reads and writes apart. One too many is answered 429, with
  `Retry-After`.
""",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "regulator.openapi.share_refusals",
    ],
    "COMPONENT_SPLIT_PATCH": False,  # each shape says itself what may be left out
}
