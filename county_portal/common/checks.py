"""System checks: a view without an access declaration stops `check`, `runserver` and CI."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from county_portal.common.routes import Route, all_routes


@register("access")
def check_every_view_declares_access(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Report each route whose view lacks `@page`, or whose arguments the declaration does not name."""
    return [error for route in all_routes() for error in _problems(route)]


def _problems(route: Route) -> list[CheckMessage]:
    if route.access is None:
        return [
            Error(
                f"the view of {route.path} does not declare who may call it",
                hint="decorate it with county_portal.common.access.page",
                id="county_portal.E001",
            )
        ]
    undeclared = sorted(set(route.arguments) - set(route.access.objects))
    if undeclared or not route.name:
        return [
            Error(
                f"{route.path} has no name, or does not say what these arguments name: {undeclared}",
                id="county_portal.E002",
            )
        ]
    return []
