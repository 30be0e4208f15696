"""The WSGI application gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from county_portal.common.transport import only_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "county_portal.settings.production")

application = only_utf8(get_wsgi_application())
