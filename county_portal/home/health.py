"""Health for whoever runs the portal: alive, ready, version."""

import shutil
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from county_portal.common.access import Audience, page


@page(Audience.PUBLIC)
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@page(Audience.PUBLIC)
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations and disk decide; Redis down is `degraded`, still 200."""
    checks = {"database": _database(), "disk": _disk(), "redis": _redis()}
    ready = checks["database"] == "ok" and checks["disk"] == "ok"
    state = "ok" if ready and checks["redis"] == "ok" else "degraded" if ready else "unavailable"
    return JsonResponse({"state": state, **checks}, status=200 if ready else 503)


@page(Audience.PUBLIC)
def version(request: HttpRequest) -> JsonResponse:
    """What runs here."""
    return JsonResponse({"version": settings.PORTAL_VERSION, "commit": settings.PORTAL_COMMIT})


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unavailable"
    return "migrations pending" if plan else "ok"


def _disk() -> str:
    folder = Path(settings.VAR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return "ok" if shutil.disk_usage(folder).free >= settings.FILES_MIN_FREE_BYTES else "full"


def _redis() -> str:
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping()
    except (redis.RedisError, ValueError, OSError):
        return "degraded"
    return "ok"
