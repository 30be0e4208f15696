"""The scoring app."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "评价"

    def ready(self) -> None:
        """Tell the jobs ledger how to grade, the pages below what answers would score, papers what binds them."""
        from county_portal.documents import kinds  # noqa: PLC0415 -- needs the models
        from indicators.estimates import register  # noqa: PLC0415 -- needs the models
        from scoring import tasks  # noqa: F401, PLC0415 -- registers on import
        from scoring.provisional import provisional_estimator  # noqa: PLC0415 -- needs the models
        from scoring.selectors.bound import (  # noqa: PLC0415 -- needs the models
            LIST_KIND,
            LIST_NOTICE,
            RUN_KIND,
        )

        register(provisional_estimator)
        kinds.register_data(RUN_KIND)
        kinds.register_data(LIST_KIND)
        kinds.register_issued(LIST_NOTICE)
