"""The Celery application: hands for the jobs ledger, which alone knows the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "county_portal.settings.dev")

app = Celery("county_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        *("county_portal.jobs", "county_portal.notices"),
        *("county_portal.administration", "county_portal.guides"),
        *("indicators", "scoring", "applications", "reports", "monitoring", "measures", "opendata"),
    ]
)
