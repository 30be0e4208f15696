"""A server: refuses to start with anything unsafe."""

from django.core.exceptions import ImproperlyConfigured

from county_portal.settings.base import *  # noqa: F403 -- the settings idiom
from county_portal.settings.base import ENV
from county_portal.settings.logging import configure_logging

MINIMUM_KEY_LENGTH = 50
MINIMUM_KEY_CHARACTERS = 5


def _refuse(problem: str, remedy: str) -> None:
    raise ImproperlyConfigured(f"{problem} {remedy}")


if ENV.debug:
    _refuse("DEBUG is on.", "Remove DEBUG from the environment: it shows secrets to everybody.")
if (
    len(ENV.secret_key) < MINIMUM_KEY_LENGTH
    or len(set(ENV.secret_key)) < MINIMUM_KEY_CHARACTERS
    or ENV.secret_key.startswith("only-for-")
):
    _refuse("SECRET_KEY is missing, short or the default.", "See SECRET_KEY in .env.sample.")
if not ENV.listed(ENV.allowed_hosts) or "*" in ENV.listed(ENV.allowed_hosts):
    _refuse("ALLOWED_HOSTS is empty or '*'.", "Name the portal's host, see .env.sample.")
if not ENV.database_url.startswith("postgres"):
    _refuse(
        "DATABASE_URL is missing or not PostgreSQL.",
        "Name the PostgreSQL database, see .env.sample.",
    )
if not ENV.redis_url:
    _refuse("REDIS_URL is missing.", "Name the Redis or Valkey server, see .env.sample.")
if not ENV.document_keys_dir:
    _refuse(
        "DOCUMENT_KEYS_DIR is missing.",
        "Name a folder for the private keys of document receipts that is backed up, see .env.sample.",
    )

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^version$"]
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"

configure_logging(LOG_FILE)
