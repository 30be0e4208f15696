"""The test suite: real PostgreSQL and Valkey, quick password hashing."""

from county_portal.settings.base import *  # noqa: F403 -- the settings idiom
from county_portal.settings.base import ENV, STORAGES

SECRET_KEY = ENV.secret_key or "only-for-tests-" + "0" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
IS_DEMONSTRATION = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
FILES_MIN_FREE_BYTES = 1024 * 1024
# Nothing is collected for tests: static files are found where they lie.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
