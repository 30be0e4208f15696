"""The test suite: real PostgreSQL and Valkey, quick password hashing."""

from county_portal.settings.base import *  # noqa: F403 -- the settings idiom
from county_portal.settings.base import CACHES, DATABASES, ENV, STORAGES
from county_portal.settings.environment import SuiteProcess, celery_broker_url

SECRET_KEY = ENV.secret_key or "only-for-tests-" + "0" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
IS_DEMONSTRATION = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
FILES_MIN_FREE_BYTES = 1024 * 1024
# Nothing is collected for tests: static files are found where they lie.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# Processes side by side neither read each other's messages nor count each other's attempts.
_process = SuiteProcess()
REDIS_URL = _process.own_redis(ENV.redis_url)
CACHES["limits"]["LOCATION"] = REDIS_URL
CELERY_BROKER_URL = celery_broker_url(REDIS_URL)
if _process.worker and _process.database_template:
    # A copy of tables already migrated: pytest-django gives each process a database of its own.
    DATABASES["default"]["TEST"] = {"TEMPLATE": _process.database_template}
