"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "county_portal.accounts"
    label = "accounts"
    verbose_name = "单位与账号"

    def ready(self) -> None:
        """Sessions begin with signing in."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 -- needs the registry

        from county_portal.accounts.middleware import (  # noqa: PLC0415 -- needs the registry
            begin_session,
        )

        user_logged_in.connect(begin_session, dispatch_uid="accounts.begin_session")
