"""Settings that hold everywhere. No branch on the environment here."""

from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from django.urls import reverse_lazy

from county_portal.settings.environment import (
    PROJECT_DIR,
    Environment,
    celery_broker_url,
    described,
    mail_server,
)

ENV = Environment()

BASE_DIR = PROJECT_DIR
VAR_DIR = ENV.var_dir
SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = ENV.listed(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = ENV.listed(ENV.trusted_origins)

INSTALLED_APPS = [
    "county_portal.common",
    "county_portal.audit",
    "county_portal.accounts",
    "county_portal.notices",
    "county_portal.files",
    "county_portal.jobs",
    "county_portal.documents",
    "indicators",
    "applications",
    "scoring",
    "reports",
    "monitoring",
    "uplift",
    "measures",
    "dashboards",
    "opendata",
    "county_portal.administration",
    "county_portal.guides",
    "county_portal.search",
    "county_portal.coverage",
    "county_portal.home",
    "county_portal.demo",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "pgtrigger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "county_portal.common.middleware.RequestLogMiddleware",
    "county_portal.common.middleware.StrictTextMiddleware",
    "county_portal.common.middleware.CookielessMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "county_portal.accounts.middleware.SessionLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "county_portal.accounts.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "county_portal.common.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "county_portal.urls"
WSGI_APPLICATION = "county_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "county_portal.home.context.portal",
                "county_portal.guides.help.beside_page",
            ],
            # Components are given no context, and every page may have to say what the province says.
            "builtins": ["county_portal.common.templatetags.province_words"],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        ENV.database_url or "postgres:///portal", conn_max_age=60, conn_health_checks=True
    )
}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c statement_timeout=60000 -c lock_timeout=10000 -c timezone=UTC"
)
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The role that web and worker use; append-only tables are read-and-insert only for it.
PORTAL_APP_ROLE = ENV.app_role

REDIS_URL = ENV.redis_url
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Counts that all web processes share and nobody misses: whoever asks goes on where Redis is away.
    "limits": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.redis_url,
        "KEY_PREFIX": "county-portal",
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    },
}
CELERY_BROKER_URL = celery_broker_url(ENV.redis_url)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_TIME_LIMIT = 1800
# The visibility time-out must exceed the longest task; lost messages come back by the sweeper anyway.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.1,
}
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    # Re-queues work whose wake-up call was lost or whose worker died.
    "sweep-jobs": {"task": "jobs.sweep", "schedule": 5.0},
    # Reminders before the mail that names them. Both may run any number of times a day: each tells and
    # sends once, and the later runs catch up on what a stopped server missed.
    "send-reminders": {
        "task": "indicators.send_reminders",
        "schedule": crontab(hour="7,12", minute=0),
    },
    "remind-of-appeals": {
        "task": "scoring.remind_of_appeals",
        "schedule": crontab(hour="7,12", minute=10),
    },
    # Opens what 1 January brings, then tells; as often as it likes.
    "progress-reports": {
        "task": "reports.progress_calendar",
        "schedule": crontab(hour="6,13", minute=30),
    },
    "remind-of-acceptances": {
        "task": "applications.acceptance_calendar",
        "schedule": crontab(hour="7,12", minute=15),
    },
    "remind-of-measures": {
        "task": "measures.send_reminders",
        "schedule": crontab(hour="7,12", minute=20),
    },
    # Every complete run graded again from what it froze; before anybody is at work.
    "verify-runs": {"task": "scoring.verify_runs", "schedule": crontab(hour=3, minute=15)},
    # Months held against targets, and warnings that were let lie: before the mail that names them.
    "watch-months": {"task": "monitoring.watch_months", "schedule": crontab(hour=5, minute=30)},
    # What was decided on regions takes effect on its day, before anybody is at work.
    "region-changes": {
        "task": "administration.region_changes",
        "schedule": crontab(hour="0,6,12", minute=5),
    },
    # What systems pushed is answered again under its key for so long only.
    "trim-pushes": {"task": "opendata.trim_pushes", "schedule": crontab(hour=2, minute=40)},
    # First passwords wait an hour to be shown.
    "unshown-slips": {"task": "administration.unshown_slips", "schedule": crontab(minute=20)},
    # 试填县: everybody out, each night; whoever practises tomorrow begins anew.
    "close-practice": {"task": "guides.close_practice", "schedule": crontab(hour=2, minute=30)},
    "send-digests": {"task": "notices.send_digests", "schedule": crontab(hour="8-11", minute=30)},
}

# Annual progress reports of pilots (S0 三(二): 每年3月底前): month and day; days before it on which counties are
# reminded, days after it on which county, city and province are told of what is missing.
PROGRESS_DUE = "03-31"
PROGRESS_REMIND_BEFORE = (60, 30, 10, 3)
PROGRESS_ESCALATE_AFTER = (1, 5, 10)

# Final acceptances (S0 三(三): 于建设期结束前半年内), likewise. The first day covers the whole of the last half year:
# counties hear of it on the day they may begin.
ACCEPTANCE_REMIND_BEFORE = (184, 60, 30, 10)
ACCEPTANCE_ESCALATE_AFTER = (1, 5, 10)

# 代办: the longest one colleague stands in for another without being named anew, first and last day included.
DEPUTY_LONGEST_DAYS = 30

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "display_name", "office_name")},
    },
    {
        "NAME": "county_portal.accounts.passwords.LengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "county_portal.accounts.passwords.CompositionValidator"},
]
LOGIN_URL = reverse_lazy("accounts:login")
LOGIN_REDIRECT_URL = reverse_lazy("home:inbox")

# Counties of one city share one government address: never lock by address alone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_CALLABLE = "county_portal.accounts.views.session.locked_out"
AXES_CLIENT_IP_CALLABLE = "county_portal.accounts.addresses.client_address"
# What `authenticate` is given; left to itself axes looks for the model's field, finds none and counts nobody.
AXES_USERNAME_FORM_FIELD = "username"
TRUSTED_PROXY_COUNT = ENV.proxy_count
AXES_VERBOSE = False
# Failed sign-ins of one address in ten minutes, whatever the names: beyond it none is looked at. The offices of a
# city share one address.
LOGIN_FAILURES = 300
AXES_ENABLE_ACCESS_FAILURE_LOG = False

# How much of an address the log of sign-ins keeps: its network (IPv4 /24, IPv6 /48), or all of it.
SIGN_IN_ADDRESS = ENV.sign_in_address

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_ABSOLUTE_HOURS = 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "county_portal.home.errors.csrf_failure"

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [PROJECT_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
# The fonts are for PDF, not for pages; compressing them takes minutes.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "zip",
    "gz",
    "tgz",
    "bz2",
    "tbz",
    "xz",
    "br",
    "woff",
    "woff2",
    "ttf",
    "otf",
]

# Evidence and generated files live outside the web root, by digest.
FILES_DIR = VAR_DIR / "files"
FILES_MAX_BYTES = 20 * 1024 * 1024
FILES_MIN_FREE_BYTES = 200 * 1024 * 1024
# Virus scanner: clamd's Unix socket, or host:port; blank: uploads are not scanned.
CLAMAV_SOCKET = ENV.clamav_socket
# For one file, from connecting to the answer; below gunicorn's own limit for a request.
CLAMAV_TIMEOUT_SECONDS = 20.0
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "county_portal.files.uploads.DigestUploadHandler",
    "county_portal.files.uploads.LimitedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Documents are set by a process of its own beside each worker, which is killed beyond these limits. A list of
# 2 850 rows takes a fifth of the time on a busy machine and half of the memory. Below gunicorn's own limit for
# a request.
PDF_SECONDS = 60
PDF_MEMORY_MIB = 600
# A fresh process takes half a second to start; none has been seen to leak, and none needs to be trusted not to.
PDF_DOCUMENTS_PER_PROCESS = 400
# What a worker and its child may hold between documents stays under 200 MiB.
PDF_MEMORY_KEPT_MIB = 140
# A web process renders now and then; its child need not wait all night.
PDF_IDLE_SECONDS = 600

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

MAIL = mail_server(ENV.email_url)
EMAIL_CONFIGURED = bool(MAIL.host)
EMAIL_HOST, EMAIL_PORT = MAIL.host or "localhost", MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starts_tls, MAIL.is_ssl
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.email_from or MAIL.user or "portal@localhost"
# How the portal is reached from outside, for the links in mails; empty: no links.
PORTAL_URL = ENV.portal_url.rstrip("/")

# Private keys of the receipts of issued documents, and certificates of the offices' seals: never beside the code.
DOCUMENT_KEYS_DIR = Path(ENV.document_keys_dir or VAR_DIR / "keys")
DOCUMENT_SEALS_DIR = Path(ENV.document_seals_dir or VAR_DIR / "seals")
# Wrong verification codes that one address may try in ten minutes; the counties of a city share one address.
VERIFY_MISSES = 300
# Function that answers an office's signer; empty: documents are not signed, and say so.
DOCUMENT_SIGNER = ENV.document_signer

PROVINCE = ENV.province
PORTAL_SITE = {
    "site_name": "县域科技创新管理平台",
    "host_unit": ENV.host_unit,
    "icp_number": ENV.icp_number,
    "site_code": ENV.site_code,
}
# Terms of the open data.
OPEN_DATA_LICENCE: dict[str, str] = {
    "name": ENV.open_licence or "政府数据开放许可",
    "url": ENV.open_licence_url,
    "terms": ENV.open_terms
    or "可免费查阅、复制、传播和再利用，包括商业利用；使用时注明来源、数据年度和版次，不得歪曲原意；"
    "数据以公布的公文为准。",
}
# Requests that one address and one token may make in ten minutes; the offices of a whole city share an address.
OPEN_DATA_REQUESTS = 6000
# Days for which a push is answered again under its idempotency key.
PUSHED_REQUEST_DAYS = ENV.pushed_request_days
TOKEN_REQUESTS = 3000
PORTAL_VERSION = ENV.version
PORTAL_COMMIT = ENV.commit
IS_DEMONSTRATION = False

LOG_FILE = ENV.log_file or str(VAR_DIR / "log" / "portal.jsonl")
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS: list[str] = []

# What operators may set, for the table in docs/运行维护 that `manage.py document_settings` writes.
PORTAL_VARIABLES = described()
