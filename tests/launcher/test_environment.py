"""What is read from the environment and what web and worker are given."""

from __future__ import annotations

import socket

import pytest

from county_portal.launcher import refusals
from county_portal.launcher.environment import Address, Services, as_owner, read_address
from county_portal.launcher.instance import Instance


def test_default_address_is_this_machine_only() -> None:
    assert read_address() == Address("127.0.0.1", 8000)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80x", "８０００", "8 000"])
def test_port_that_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(refusals.Refusal, match="不是有效端口"):
        read_address()


def test_taken_port_is_refused_with_another_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(refusals.Refusal, match=f"端口 {port} 已被占用.*PORT={port + 1}"):
            Address("127.0.0.1", port).require_free()
    Address("127.0.0.1", port).require_free()


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(refusals.Refusal, match="本机没有地址"):
        Address("192.0.2.1", 8000).require_free()


@pytest.mark.parametrize(
    ("host", "bind", "url"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0", "0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("::1", "[::1]:8000", "http://[::1]:8000"),
        ("::", "[::]:8000", "http://[::1]:8000"),
    ],
)
def test_url_can_be_opened_here(host: str, bind: str, url: str) -> None:
    assert (Address(host, 8000).bind, Address(host, 8000).url) == (bind, url)


def test_web_and_worker_never_see_the_owner(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://portal_owner:pw@db/portal")
    services = Services.choose(instance, ephemeral=True)

    given = services.environment(instance, "county_portal.settings.dev")

    assert "portal_app:" in given["DATABASE_URL"]
    assert services.secrets.owner_password not in "".join(given.values())
    assert "DATABASE_OWNER_URL" not in given
    assert given["PORTAL_APP_ROLE"] == "portal_app"
    assert given["REDIS_URL"].startswith("unix:///")


def test_migrations_run_as_the_owner(instance: Instance) -> None:
    services = Services.choose(instance, ephemeral=True)

    given = as_owner(services.environment(instance, "x"), services.owner_url())

    assert "portal_owner:" in given["DATABASE_URL"]
    assert given["DATABASE_OWNER_URL"] == given["DATABASE_URL"]


def test_given_servers_are_used_and_none_embedded(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db/portal")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")

    services = Services.choose(instance, ephemeral=True)
    given = services.environment(instance, "x")

    assert (services.postgres, services.valkey) == (None, None)
    assert given["DATABASE_URL"] == services.owner_url() == "postgres://app@db/portal"
    assert given["REDIS_URL"] == "redis://cache/0"

    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner@db/portal")
    assert services.owner_url() == "postgres://owner@db/portal"
