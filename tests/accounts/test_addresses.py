import pytest
from django.test import RequestFactory

from county_portal.accounts.addresses import client_address


@pytest.mark.parametrize(
    "hops, forwarded, address",
    [
        (0, None, "192.0.2.9"),
        (0, "203.0.113.1", "192.0.2.9"),  # no proxy: the header is the client's own invention
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        (2, "6.6.6.6, 203.0.113.1, 192.0.2.7", "203.0.113.1"),
        (2, "203.0.113.1", "192.0.2.9"),  # came by fewer proxies than it must have
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "", "192.0.2.9"),
        (1, "unknown", "192.0.2.9"),
        (1, "'; DROP TABLE", "192.0.2.9"),
        (1, ",,,", "192.0.2.9"),
    ],
)
def test_client_address(settings, hops, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = hops
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.9", headers=headers)

    assert client_address(request) == address


def test_over_a_local_socket_there_is_none(settings):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) is None
