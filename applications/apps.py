"""The applications app: the pilot programme from round to acceptance."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "创新型县（市、区）试点"

    def ready(self) -> None:
        """Tell documents of the letter of recommendation, and of what such letters are bound to."""
        from applications.selectors.composing import (  # noqa: PLC0415 -- the same
            LETTER_KIND,
            RANKING_KIND,
        )
        from applications.selectors.letters import APPLICATION_KIND  # noqa: PLC0415 -- needs the models
        from county_portal.documents import kinds  # noqa: PLC0415 -- the same

        kinds.register_data(APPLICATION_KIND)
        kinds.register_data(RANKING_KIND)
        kinds.register_document(LETTER_KIND)
