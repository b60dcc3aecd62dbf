"""All settings, one file. Differences between installations are environment variables, read here and nowhere else."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.environment import Settings

# Each value is held to what is allowed here; numbers to the two that follow the default.
env = Settings(prefix="WUZHA_")

PACKAGE = Path(__file__).parent
DATA = Path(env.text("DATA", "data"))

DEBUG = env.switch("DEBUG", False)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ["*"])


# Servers in front, by address or network: what these say of a request is believed, such as its number, its visitor's
# address and whether they came by https (X-Request-ID, X-Forwarded-For, X-Forwarded-Proto).
PROXIES = env.networks("PROXIES", ["127.0.0.1", "::1"])


def _read_secret_key() -> str:
    """The key from WUZHA_SECRET_KEY (or _FILE); else the one kept beside the data, which `wuzha demo` makes."""
    kept = DATA / "secret.key"
    return env.secret("SECRET_KEY", "", 32) or (kept.read_text().strip() if kept.exists() else "not-for-serving")


SECRET_KEY = _read_secret_key()

# The key ring for numbers of persons lies outside the database, in a folder of its own where WUZHA_KEYS names one.
KEYS = Path(env.text("KEYS", "") or DATA / "keys")
# A copy of every seal on the audit log, outside the database: whoever cuts the end of the log off leaves it there.
SEALS = Path(env.text("SEALS", "") or DATA / "audit-seals.txt")

ROOT_URLCONF = "wuzha.web.urls"
WSGI_APPLICATION = "wuzha.web.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:log-in"
LOGIN_REDIRECT_URL = "campaign:today"
LOGOUT_REDIRECT_URL = LOGIN_URL

INSTALLED_APPS = [
    "wuzha.web.jobs",
    "wuzha.web.accounts",
    "wuzha.web.accounts.signin",
    "wuzha.web.personal",
    "wuzha.web.campaign",
    "wuzha.web.audit",
    # For its tables and its reckoning alone: none of its pages has an address here.
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "ninja",  # for the description of the interface, whose files are then our own and not another host's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "wuzha.web.accounts.policy.leave_body_out",
    "wuzha.web.accounts.clock.tell_the_time",
    "wuzha.web.accounts.request_id.name_request",  # behind the clock, before whatever may write a line of the log
    "wuzha.web.accounts.watch.watch_requests",  # before all that takes time
    "wuzha.web.accounts.policy.add_policy",
    "wuzha.web.accounts.database_file.refuse_replaced_file",
    "wuzha.web.accounts.coming.begin_new_day",
    "wuzha.web.campaign.kinds.keep_kinds",
    "wuzha.web.campaign.queries.ground.keep_stamp",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wuzha.web.accounts.language.activate_chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Knows the person, and ends a session that is over before anything is demanded of it or shown to it.
    "wuzha.web.accounts.signin.sessions.keep_session",
    "allauth.account.middleware.AccountMiddleware",
    "wuzha.web.accounts.parts.open_log_in_whole",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    # Behind the log-in, whose person it counts; its page needs the messages no more than the log-in's does.
    "wuzha.web.accounts.rates.LimitRates",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Behind the log-in, which it needs, and behind the messages, which it writes.
    "wuzha.web.accounts.sight.Narrow",
    # Behind what says that a page is not for one: nobody proves who they are for a file that they may not have.
    "wuzha.web.accounts.signin.files.GuardFiles",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wuzha.web.accounts.context.describe_place",
            ],
        },
    },
]

# WAL lets readers go on while one writer writes; IMMEDIATE takes the write lock at the start, so that two writers wait
# for each other instead of failing half way. FULL writes each commit through to the disk before it is acknowledged:
# what a phone was told is kept survives a power cut.
#
# A connection stays open for the next request: to open and close one takes longer than to keep a record. Each may keep
# 16 MB of the file in memory; more is no quicker, as the system keeps the file too, once for all of them.
KEEP_CONNECTION_S = 600
# Whoever finds the database locked waits so long before the answer is that nothing was kept.
DATABASE_WAIT_S = env.number("DATABASE_WAIT_S", 20, 1, 600)
SQLITE = {
    "CONN_MAX_AGE": KEEP_CONNECTION_S,
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "wuzha.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": DATABASE_WAIT_S,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; "
        # A row that is put in in place of another one is deleted too, and what is kept for good must refuse that.
        "PRAGMA recursive_triggers=ON;",
    },
}


def _read_database() -> dict[str, Any]:
    """WUZHA_DATABASE_URL (or _FILE) names a PostgreSQL database; without it the data folder holds an SQLite one."""
    url = env.secret("DATABASE_URL", "")
    if not url:
        return SQLITE
    if not url.startswith(("postgres://", "postgresql://")):
        env.refuse_database("DATABASE_URL")
    try:
        told: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=KEEP_CONNECTION_S, conn_health_checks=True)}
    except ValueError:  # among others a port that is none
        env.refuse_database("DATABASE_URL")
    wait = f"-c lock_timeout={DATABASE_WAIT_S}s"
    options = told.get("OPTIONS", {})
    return told | {"OPTIONS": options | {"options": f"{wait} {options.get('options', '')}".strip()}}


DATABASES = {"default": _read_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "wuzha.web.accounts.signin.passwords.HardToGuess"},
    {"NAME": "wuzha.web.accounts.signin.passwords.NotCommon"},
]
# A session ends when nobody has used it for so long, and after so many days however much it is used.
SESSION_IDLE_S = env.number("SESSION_IDLE_H", 72, 1, 720) * 3600
SESSION_COOKIE_AGE = env.number("SESSION_DAYS", 14, 1, 90) * 24 * 3600
# Who takes personal data out proves once more who they are when they last did so longer ago than this.
STEP_UP_S = env.number("STEP_UP_MINUTES", 15, 1, 480) * 60
# The posts whose holders need a second factor to log in: names of roles. One that is misspelt would ask nobody.
ROLES = ("officer", "secretary", "supervisor", "reviewer", "publisher", "analyst", "admin")
SECOND_FACTOR_FOR: list[str] = env.choices("SECOND_FACTOR_FOR", [], ROLES)
# The central log-in of the place (OpenID Connect). Without an issuer there is none, and nothing is ever asked of it.
OIDC = {
    "issuer": env.address("OIDC_ISSUER", ""),
    "client": env.text("OIDC_CLIENT_ID", ""),
    "secret": env.secret("OIDC_SECRET", ""),
    "claim": env.claim("OIDC_CLAIM", "preferred_username"),
    "name": env.text("OIDC_NAME", "统一认证"),
}
MFA_ADAPTER = "wuzha.web.accounts.signin.mfa.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Where a browser takes passkeys without a certificate, which is on this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
CSRF_FAILURE_VIEW = "wuzha.web.accounts.refusal.answer_forged"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = "Lax"

# Said where the site is reached by https alone: cookies then travel by it only, and a browser that has been here once
# comes by nothing else for a year. The server in front tells by X-Forwarded-Proto how a visitor came.
HTTPS = env.switch("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# A machine asks from next door and by no name of the site.
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# To be put on the list that browsers are built with is the decision of whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATIC_ROOT = DATA / "static"
# `wuzha serve` collects the files and packs them beside themselves, so that an old phone fetches a fifth of the bytes.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 600

# Photos and papers of records; whoever backs up the database backs up this folder too.
EVIDENCE = DATA / "evidence"
# For so many days a link by which somebody sets their first password can be opened, once.
INVITATION_DAYS = env.number("INVITATION_DAYS", 14, 1, 90)
EVIDENCE_LIMIT_MB = env.number("EVIDENCE_LIMIT_MB", 20, 1, 200)

# In which degrees places and road files come by default: "wgs84" (CGCS2000 too), or "gcj02" as map services show them.
COORDINATES = env.choice("COORDINATES", "wgs84", ("wgs84", "gcj02"))

# How often one may ask for what costs much, as a multiple of what wuzha.web.accounts.rates says; 0 never refuses.
# Counted in a file beside the data, where every process of this machine sees it.
RATE_FACTOR = env.share("RATE_FACTOR", 1.0, 1000)
RATES = DATA / "rates.sqlite3"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A table with more rows than this is written by a worker and fetched from its page, and keeps no visitor waiting.
EXPORT_AT_ONCE_ROWS = env.number("EXPORT_AT_ONCE_ROWS", 20_000, 0, 1_000_000)
# A worker that says nothing for so long has lost its job to the next one.
JOB_LEASE_S = env.number("JOB_LEASE_S", 30, 1, 3600)

# How `wuzha serve` answers: in so many processes (0: one for each processor, four at most), each of which works on so
# many requests at a time; none larger than that (files may have 20 MB); and after it was asked to stop it finishes what
# is under way for so long, less than a service manager waits (90 s).
PROCESSES = env.number("PROCESSES", 0, 0, 64)
THREADS = env.number("THREADS", 8, 1, 64)
REQUEST_LIMIT_MB = env.number("REQUEST_LIMIT_MB", 64, 32, 1024)
STOP_WAIT_S = env.number("STOP_WAIT_S", 30, 0, 600)

DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# What went wrong goes to the terminal or the service's journal; nobody is mailed. As JSON it goes to standard output,
# one object a line, and each request has a line of its own.
LOG = env.choice("LOG", "text", ("text", "json"))
LOG_REQUESTS = env.switch("LOG_REQUESTS", LOG == "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # No key, password or session, and one line an event.
    "filters": {"clean": {"()": "wuzha.web.accounts.clean_logs.CleanLogs"}},
    "formatters": {
        "text": {"()": "wuzha.web.accounts.log_lines.TextLines"},
        "json": {"()": "wuzha.web.accounts.log_lines.JsonLines"},
    },
    "handlers": {
        "terminal": {
            "class": "logging.StreamHandler",
            "formatter": LOG,
            "filters": ["clean"],
            "stream": "ext://sys.stdout" if LOG == "json" else "ext://sys.stderr",
        }
    },
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
        "wuzha.request": {"level": "INFO"},
    },
}

# How many days entries of the audit log are kept at least, by what they tell; the law's terms are in web/audit/cut.py.
AUDIT_KEEP_NETWORK_DAYS = env.number("AUDIT_KEEP_NETWORK_DAYS", 184, 184, 36_525)
AUDIT_KEEP_PERSONAL_DAYS = env.number("AUDIT_KEEP_PERSONAL_DAYS", 1096, 1096, 36_525)
AUDIT_KEEP_DEED_DAYS = env.number("AUDIT_KEEP_DEED_DAYS", 3653, 1096, 36_525)

# Who is told how the site is beyond well or not: this machine itself, and who brings this key. Metrics are for nobody
# unless it is said.
HEALTH_KEY = env.secret("HEALTH_KEY", "", 16)
METRICS = env.choice("METRICS", "off", ("off", "key", "local"))
# A site whose disk has less room than that is not sent more visitors.
DISK_LEAST_MB = env.number("DISK_LEAST_MB", 500, 1, 10_000_000)
