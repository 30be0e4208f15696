"""One live stack for all fault tests, with a small province in it and a message queue the tests can stop."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from county_portal.launcher.instance import Instance
from county_portal.launcher.supervisor import Supervisor
from county_portal.launcher.valkey import Valkey
from tests.e2e.stack import LiveStack, live_stack, temporary_home
from tests.faults.visitor import Visitor

GRADED_COUNTIES = 8
QUEUE_SECONDS = 10.0


@dataclass
class Queue:
    """A Valkey outside the supervisor, which would start it again at once. What it held is lost when it stops."""

    server: Valkey
    supervisor: Supervisor

    def start(self) -> None:
        """Start it empty."""
        self.server.prepare()
        child = self.supervisor.start(self.server.program(), is_server=True)
        self.supervisor.wait_ready(child, self.server.is_ready, QUEUE_SECONDS)

    def stop(self) -> None:
        """Take it away."""
        self.supervisor.stop()


@dataclass(frozen=True)
class Province:
    """What the dataset left: public ids, by region code where there are several."""

    graded: str
    scheme: str
    run: str
    published: str
    counties: list[str]
    current: dict[str, str]
    reviewers: dict[str, str]
    passwords: dict[str, str]

    def password(self, login: str) -> str:
        """The password of a demonstration account."""
        posts = {
            "fill": "county_filler",
            "lead": "county_lead",
            "review": "city_reviewer",
            "manager": "province_manager",
            "publisher": "province_publisher",
        }
        return self.passwords[posts[login.rsplit("-", 1)[1]]]


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """Where everything of the fault tests lies."""
    with temporary_home() as directory:
        yield directory


@pytest.fixture(scope="session")
def queue(home: Path) -> Iterator[Queue]:
    """The running message queue."""
    instance = Instance(home / "queue")
    instance.prepare()
    made = Queue(Valkey(instance, ephemeral=True), Supervisor(report=print))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def stack(home: Path, queue: Queue) -> Iterator[LiveStack]:
    """The live stack, on that queue."""
    with live_stack(
        home / "var", demonstration=False, environment={"REDIS_URL": queue.server.url}
    ) as started:
        yield started


@pytest.fixture(scope="session")
def province(stack: LiveStack) -> Province:
    """A published list of a few counties, and a collection open for all."""
    script = f"from tests.faults import dataset; dataset.play({GRADED_COUNTIES})"
    told = stack.manage("shell", "-v", "0", "-c", script)
    return Province(**json.loads(told.splitlines()[-1]))


@pytest.fixture(scope="session")
def visitor(stack: LiveStack, province: Province) -> Callable[[str], Visitor]:
    """A function that returns a new session of somebody; of nobody for a blank login."""

    def enter(login: str) -> Visitor:
        made = Visitor(stack.url)
        if login:
            made.log_in(login, province.password(login))
        return made

    return enter


@pytest.fixture(scope="session")
def manager(visitor: Callable[[str], Visitor]) -> Visitor:
    """The province's manager."""
    return visitor("prov-manager")


@pytest.fixture
def rows(stack: LiveStack) -> Callable[..., list[Any]]:
    """A function that asks the database, past the portal, with the portal's own role."""

    def ask(question: str, *parameters: object) -> list[Any]:
        connection = psycopg2.connect(stack.environment["DATABASE_URL"])
        try:
            with connection.cursor() as cursor:
                cursor.execute(question, parameters)
                return list(cursor.fetchall())
        finally:
            connection.close()

    return ask
