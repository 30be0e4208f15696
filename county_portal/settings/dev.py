"""`make run`: a demonstration on one machine, plain HTTP, production-like otherwise."""

from county_portal.settings.base import *  # noqa: F403 -- the settings idiom
from county_portal.settings.base import ENV
from county_portal.settings.logging import configure_logging

SECRET_KEY = ENV.secret_key or "only-for-a-demonstration-on-this-machine-" + "0" * 20
ALLOWED_HOSTS = ENV.listed(ENV.allowed_hosts) or ["*"]
IS_DEMONSTRATION = True
DOCUMENT_SIGNER = ENV.document_signer or "county_portal.demo.seals.demonstration_signer"

configure_logging(LOG_FILE)
