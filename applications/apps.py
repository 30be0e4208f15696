"""The applications app: the pilot programme from round to acceptance."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "创新型县（市、区）试点"

    def ready(self) -> None:
        """Register job handlers; tell documents of letters, lists and conclusions, and what they are bound to."""
        from applications import tasks  # noqa: F401, PLC0415 -- registers on import
        from applications.selectors.acceptances import (  # noqa: PLC0415 -- needs the models
            ACCEPTANCE_KIND,
            ACCEPTANCE_NOTICE,
        )
        from applications.selectors.composing import (  # noqa: PLC0415 -- the same
            LETTER_KIND,
            RANKING_KIND,
        )
        from applications.selectors.letters import APPLICATION_KIND  # noqa: PLC0415 -- needs the models
        from applications.selectors.list_bound import (  # noqa: PLC0415 -- the same
            PILOT_LIST_KIND,
            PILOT_LIST_NOTICE,
        )
        from county_portal.documents import kinds  # noqa: PLC0415 -- the same

        kinds.register_data(APPLICATION_KIND)
        kinds.register_data(ACCEPTANCE_KIND)
        kinds.register_issued(ACCEPTANCE_NOTICE)
        kinds.register_data(RANKING_KIND)
        kinds.register_data(PILOT_LIST_KIND)
        kinds.register_issued(PILOT_LIST_NOTICE)
        kinds.register_document(LETTER_KIND)
