"""How much one address, or one token, may ask in ten minutes; where Redis is away, nobody is counted."""

import time
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest

from county_portal.accounts.addresses import client_address
from county_portal.common.errors import Refused
from county_portal.common.misses import WINDOW_SECONDS, count_miss, is_over_limit

_OPEN, _TOKEN = "open-data", "api-token"


def count_open_request(request: HttpRequest) -> None:
    """Note one request for open data. Raises Refused 429 beyond the limit of the address.

    The offices of a city share one address, so the limit is generous.
    """
    _count(client_address(request), _OPEN, settings.OPEN_DATA_REQUESTS)


def count_token_request(prefix: str) -> None:
    """Note one request with a token. Raises Refused 429 beyond its limit."""
    _count(prefix, _TOKEN, settings.TOKEN_REQUESTS)


def _count(who: str | None, matter: str, most: int) -> None:
    if is_over_limit(who, matter, most):
        raise Refused(
            "too_many_requests",
            f"10分钟内的请求已超过{most}次，请在{seconds_left()}秒后再试；需要全部数据请下载CSV，"
            "并用If-None-Match只取有变化的内容。",
            HTTPStatus.TOO_MANY_REQUESTS,
        )
    count_miss(who, matter)


def seconds_left() -> int:
    """Until the window ends and counting begins anew."""
    return WINDOW_SECONDS - int(time.time()) % WINDOW_SECONDS
