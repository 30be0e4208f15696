"""Walk the URLconf: every route with its view and what the view declares."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from county_portal.common.access import Declaration, View


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern; `path` keeps Django's angle-bracket notation."""

    name: str
    path: str
    view: View
    access: Declaration | None
    arguments: tuple[str, ...]


def all_routes(urlconf: str | None = None) -> list[Route]:
    """Every route of the URLconf, in order."""
    return list(_walk(get_resolver(urlconf), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, path, inner)
        elif isinstance(entry, URLPattern):
            view = entry.callback
            yield Route(
                name=f"{namespace}{entry.name or ''}",
                path=f"/{path}",
                view=view,
                access=getattr(view, "access", None),
                arguments=tuple(entry.pattern.converters),
            )
