"""`manage.py route_manifest`: every route as JSON, for whoever tests the portal from outside."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from county_portal.common.routes import all_routes


class Command(BaseCommand):
    help = "Print every route: name, path, methods, what each argument names, audience."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the manifest."""
        rows = [
            {
                "name": route.name,
                "path": route.path,
                "methods": list(route.access.methods),
                "arguments": dict(route.access.objects),
                "audience": list(route.access.audience),
            }
            for route in all_routes()
            if route.access is not None
        ]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
