"""Django's name of this app."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Administration across the apps: handing over work, regions, holidays, notices, texts."""

    name = "county_portal.administration"
    verbose_name = "管理"

    def ready(self) -> None:
        """Let official texts be what they are worded here, and the ledger know how accounts are made."""
        from county_portal.administration import kinds  # noqa: PLC0415 -- needs the models
        from county_portal.administration.selectors.texts import (  # noqa: PLC0415 -- needs the models
            reworded,
        )
        from county_portal.documents.wording import reword_with  # noqa: PLC0415 -- the same

        kinds.register_kinds()
        reword_with(reworded)
