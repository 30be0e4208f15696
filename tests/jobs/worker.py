"""The portal's Celery application with the tests' kinds: `celery -A tests.jobs.worker worker`."""

import django

django.setup()

from county_portal.celery import app  # noqa: E402 -- after the apps are loaded
from tests.jobs import kinds  # noqa: E402, F401 -- registers

__all__ = ["app"]
