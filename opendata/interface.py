"""The interface as a whole: its operations, its refusals and its own description (OpenAPI 3.1)."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from opendata.operations import answer_refusals
from opendata.problem_docs import problem_schema
from opendata.views import offices, open_data

VERSION = "1.0"


class ReadableJSON(JSONRenderer):
    """Chinese as it is written, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="县域科技创新管理平台接口",
    version=VERSION,
    description="开放数据无需登录；单位接口凭令牌使用，岗位权限、核对规则和审计与网页相同。",
    openapi_url=None,
    docs_url=None,
    urls_namespace="interface",
    renderer=ReadableJSON(),
)
api.add_router("", open_data.router)
api.add_router("", offices.router)
answer_refusals(api)


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI document; the same for everybody, so it is made once."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    shapes: dict[str, Any] = document["components"].setdefault("schemas", {})
    shapes.update(problem_schema())
    # Ninja lists the queries among the shapes, though nothing speaks of them there.
    for name in [name for name in shapes if name.endswith("Query")]:
        del shapes[name]
    document["servers"] = [{"url": settings.PORTAL_URL or "/"}]
    document["info"]["license"] = {"name": settings.OPEN_DATA_LICENCE["name"]}
    return document
