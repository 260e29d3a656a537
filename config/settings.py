"""All settings, on one page. Every value that differs between machines comes from the environment;
the defaults are a safe development machine: SQLite, ORM broker, mail to the built-in development inbox."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from config.environment import (
    env_bool,
    env_choice,
    env_database,
    env_date,
    env_decimal,
    env_domain,
    env_files,
    env_folder,
    env_int,
    env_list,
    env_mailbox,
    env_networks,
    env_prefixed,
    env_prices,
    env_str,
    env_url,
    read_file,
    required,
    secret,
)

BASE_DIR = Path(__file__).resolve().parent.parent
read_file(BASE_DIR / ".env")

# ---- this machine ------------------------------------------------------------------------------------
DEBUG = env_bool("DEBUG", False)
VAR_DIR = env_folder("VAR_DIR", BASE_DIR / "var")
SECRET_KEY = secret("SECRET_KEY", VAR_DIR, debug=DEBUG)
# Old keys go on verifying links that are already in readers' mailboxes (rotation: put the old one here).
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", "")
# Hashes the addresses that must not be mailed. Never rotated: a new one forgets who asked to be left alone.
SUPPRESSION_KEY = secret("SUPPRESSION_KEY", VAR_DIR, debug=DEBUG)
# The public address of this service, without a slash at the end: what links in mails begin with.
SITE_URL = env_url(
    "SITE_URL", required("SITE_URL", "https://news.example", debug=DEBUG, fallback="http://127.0.0.1:8000")
)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", f"{urlsplit(SITE_URL).hostname},127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DEVELOPMENT_INBOX = VAR_DIR / "inbox"  # a Maildir; shown at /inbox/ while DEBUG is on

# ---- Django --------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
    "subscribers",
    "newsletter",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "newsletter.views.security.ContentSecurityPolicy",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "NAME": "mjml",
        "BACKEND": "config.mjml.MjmlTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {},
    },
]

# ---- database: SQLite until DATABASE_URL says otherwise -------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env_database(
        "DATABASE_URL",
        f"sqlite:///{VAR_DIR.absolute() / 'chenbao.sqlite3'}",
        conn_max_age=600,
        # Else each process's first request after PostgreSQL was restarted fails: a one-click that nobody repeats.
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write takes its lock at once and waits, instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        # FULL: a committed claim survives power loss; NORMAL could undo it, and a mail would go out twice.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    }

# ---- queue: the database until REDIS_URL says otherwise --------------------------------------------------
REDIS_URL = env_str("REDIS_URL", "")
Q_CLUSTER: dict[str, Any] = {
    "name": "chenbao",
    "workers": env_int("WORKERS", 2),
    "timeout": 600,  # seconds a task may run
    # Well above timeout plus the wait in the prefetch: the retry clock starts at prefetch.
    "retry": 1500,
    "queue_limit": 4,
    "max_attempts": 1,  # rows say what is due; the next tick takes it up again
    "ack_failures": True,
    "save_limit": -1,  # successes are not kept: 250 kept rows make every task slower
    "catch_up": False,
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default", "poll": 1}),
}
# Tasks that send one issue at the same time: all workers but one, which is left for what else falls due.
SENDERS = env_int("SENDERS", max(1, Q_CLUSTER["workers"] - 1))
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# ---- languages: `zh-hans` to Django, /zh/ in addresses, zh-Hans in HTML ----------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# ---- mail ------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "newsletter.deliver.backend.EmailBackend"
EMAIL_HOST = env_str("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env_int("SMTP_PORT", 2525 if DEBUG else 25)
EMAIL_HOST_USER = env_str("SMTP_USER", "")
EMAIL_HOST_PASSWORD = env_str("SMTP_PASSWORD", "")
EMAIL_USE_TLS = env_bool("SMTP_STARTTLS", False)
EMAIL_USE_SSL = env_bool("SMTP_TLS", False)
EMAIL_TIMEOUT = 30  # seconds
# Lines that one worker keeps open to a server at once: as many mails are under way, and at most so many are left
# uncertain where it is killed.
SMTP_CONNECTIONS = env_int("SMTP_CONNECTIONS", 4)
# Several servers, instead of SMTP_HOST: smtp+starttls://user:password@host:587?weight=2&connections=4&per_minute=600
MAIL_SERVERS = env_list("MAIL_SERVERS", "")
# Where command and bounce addresses live: leave+TOKEN@, bounce+TOKEN@, subscribe@.
MAIL_DOMAIN = env_domain(
    "MAIL_DOMAIN", required("MAIL_DOMAIN", "news.example", debug=DEBUG, fallback="chenbao.example")
)
# Whether an issue may be approved with the example postal address: a demo's mails go to its own inbox alone.
EXAMPLE_ADDRESS_PASSES = DEBUG
# Who is told, beside the approvers at the desk, that an issue stopped going out by itself.
ADMINS = [("", address) for address in env_list("ADMINS", "")]
DEFAULT_FROM_EMAIL = env_mailbox("MAIL_FROM", f"Chenbao 晨报 <news@{MAIL_DOMAIN}>")
# A provider's HTTP interface instead of SMTP, as anymail.backends.mailgun.EmailBackend, with its settings as ANYMAIL_…
MAIL_API = env_str("MAIL_API", "")
# seconds to connect, and to answer; few providers let us name the envelope sender: bounces then come as webhooks
ANYMAIL = {"REQUESTS_TIMEOUT": (10, 30), "IGNORE_UNSUPPORTED_FEATURES": True, **env_prefixed("ANYMAIL_")}
# The provider that posts what became of our mails, as anymail names it (mailgun, postmark, amazon_ses …), to
# SITE_URL/hooks/MAIL_EVENTS_SECRET/; who doesn't sign its posts also needs ANYMAIL_WEBHOOK_SECRET=user:password.
MAIL_EVENTS_FROM = env_str("MAIL_EVENTS_FROM", "")
MAIL_EVENTS_SECRET = env_str("MAIL_EVENTS_SECRET", "")
# Readers who are due at one moment get their mail within so many minutes from it on.
SEND_SPREAD_MINUTES = env_int("SEND_SPREAD_MINUTES", 0)
# A new sender's first day, as 2026-11-22: from then on four weeks begin with 200 mails a day and end without a limit.
WARM_UP_SINCE = env_date("WARM_UP_SINCE")
# `manage.py make_dkim_key` makes the key and says the rest. Without one mail leaves unsigned: the mail server's task.
DKIM_KEY_FILE = env_str("DKIM_KEY_FILE", "")
DKIM_SELECTOR = env_str("DKIM_SELECTOR", "")
# Must be the domain of the senders' addresses, or one above it: DMARC compares them (RFC 7489 §3.1.1).
DKIM_DOMAIN = env_domain("DKIM_DOMAIN", MAIL_DOMAIN)

# ---- readers ---------------------------------------------------------------------------------------------
# What readers can choose from: a function that gives subscribers.offers.Offers.
READER_OFFERS = "newsletter.offers.current"
# Refuse sign-ups from mailboxes that are thrown away; a file of further domains, one a line.
REFUSE_DISPOSABLE = env_bool("REFUSE_DISPOSABLE", False)
DISPOSABLE_DOMAINS_FILE = "".join(map(str, env_files("DISPOSABLE_DOMAINS_FILE")[:1]))
# Called with the id of a reader who is being erased, in the same transaction: what others kept about them goes too.
READER_ERASERS = ["newsletter.records.forget"]
# Called with the id of a reader who wants a copy of all data; each gives a dict of plain values.
READER_TELLERS = ["newsletter.records.tell"]
# Called after a mail to a reader became due, to wake whoever sends it; a tick a minute finds what it missed.
READER_MAIL_WAKE = "newsletter.schedules.wake_reader_mails"
# Called after an import of readers was started, for the same end.
READER_IMPORT_WAKE = "newsletter.schedules.wake_imports"
# The largest file that may be uploaded to be imported; larger ones come by `manage.py import_readers`.
IMPORT_MAX_MB = env_int("IMPORT_MAX_MB", 500)

# ---- model -----------------------------------------------------------------------------------------------
# The key itself, ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, is read by the anthropic client, when a model writes.
# Who writes the scheduled draft. Claude costs money, so it is never taken for granted.
COMPOSER: Literal["offline", "claude"] = (
    "claude" if env_choice("COMPOSER", ("offline", "claude")) == "claude" else "offline"
)
# Any server that speaks the Messages API; empty: Anthropic's own.
ANTHROPIC_BASE_URL = env_str("ANTHROPIC_BASE_URL", "")
CLAUDE_MODEL = env_str("CLAUDE_MODEL", "claude-sonnet-5-5")  # prose
CLAUDE_SMALL_MODEL = env_str("CLAUDE_SMALL_MODEL", "claude-haiku-5-5")  # triage and headlines in both languages
# How hard the model for prose thinks: low, medium, high, or none to say nothing of it. Thinking is paid as output.
CLAUDE_EFFORT = env_choice("CLAUDE_EFFORT", ("medium", "low", "high", "none"))
# What one issue may cost at the most; nothing more is asked once the next call might go beyond either.
CLAUDE_DAILY_BUDGET_USD = env_decimal("CLAUDE_DAILY_BUDGET_USD", "5")
CLAUDE_DAILY_BUDGET_TOKENS = env_int("CLAUDE_DAILY_BUDGET_TOKENS", 500_000)
# Seconds that the model gets for a whole issue; well below Q_CLUSTER's timeout, which ends the task.
CLAUDE_PATIENCE = env_int("CLAUDE_PATIENCE", 480)
CLAUDE_TIMEOUT = env_int("CLAUDE_TIMEOUT", 240)  # seconds that one call may take
# Minutes that the scheduled draft may wait for the Message Batches API (half the price); 0: ask directly.
CLAUDE_BATCH_MINUTES = env_int("CLAUDE_BATCH_MINUTES", 0)
# Prices beside those of newsletter/data/prices.tsv: MODEL=INPUT/OUTPUT, in US dollars a million tokens, with commas.
CLAUDE_PRICES = env_prices("CLAUDE_PRICES")

# ---- the subject: what only data knows ---------------------------------------------------------------------
# Further name lists beside newsletter/data/lexicon.tsv (columns en, zh, kind, home); the demo adds its own.
LEXICON_EXTRA = env_files("LEXICON_EXTRA")

# ---- fetching --------------------------------------------------------------------------------------------
# Foreign addresses never reach this machine or its neighbours; the demo's own feeds are on loopback, so it says so.
FETCH_ALLOW_LOOPBACK = env_bool("FETCH_ALLOW_LOOPBACK", False)
# For a machine whose name server stands a made-up network in for the whole web, as proxies with "fake IPs" do.
FETCH_ALLOW_NETWORKS = env_networks("FETCH_ALLOW_NETWORKS", "")
FETCH_USER_AGENT = env_str("FETCH_USER_AGENT", f"Chenbao/0.1 (+{SITE_URL}; feed reader)")

# ---- web -------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "templates" / "static"]
if not DEBUG:
    # Names with a hash of the content, cached for ever, and compressed once by collectstatic.
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
# Whoever has an editor's password mails every reader: long enough (NIST SP 800-63B §5.1.1.2 asks for 8), and none of
# those that are tried first.
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:today"
SECURE_REFERRER_POLICY = "same-origin"  # tokens in addresses never leave with a link
X_FRAME_OPTIONS = "SAMEORIGIN"  # the desk shows the mail's preview in a frame
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
BEHIND_PROXY = env_bool("BEHIND_PROXY", False)  # a proxy of ours says who asks, and by https or not
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
# What `check --deploy` would have here and isn't: HSTS and the way to https are the proxy's (docs/operations.md), and
# the desk frames its own pages.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W019"]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    # Tokens in addresses open a reader's choices: no log has them.
    "filters": {"without_tokens": {"()": "subscribers.redaction.WithoutTokens"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
    },
    "root": {"handlers": ["console"], "level": env_choice("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"))},
    # aiosmtpd tells every command of every session, httpx every request.
    "loggers": {
        "mail.log": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},  # the anthropic client's
        "django.server": {"handlers": ["console"], "propagate": False},
        # Every scanner of the web asks for other names: answered with 400, and no fault of ours.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Django's own handlers on this one know no filter of ours: without them, all goes to the root's.
        "django": {"level": "INFO"},
    },
}
