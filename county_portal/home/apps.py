"""The home app: landing pages, inbox, health, error pages. Composition: it may import everything."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "county_portal.home"
    label = "home"
    verbose_name = "首页"

    def ready(self) -> None:
        """Bind shared tasks to the configured Celery application, and neighbours to each other."""
        from applications import evaluations  # noqa: PLC0415 -- needs the models
        from county_portal import celery  # noqa: F401, PLC0415 -- the web process sends through it
        from county_portal.audit import wording  # noqa: PLC0415 -- with its siblings
        from county_portal.home.acts import words_of  # noqa: PLC0415 -- with its siblings
        from county_portal.home.evaluations import latest_classes  # noqa: PLC0415 -- needs the models

        evaluations.register(latest_classes)
        wording.register(words_of)
