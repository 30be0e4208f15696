"""Which pytest is started for what was asked, and what the launcher answers."""

import re

import pytest

from county_portal.launcher import suite
from county_portal.launcher.processes import PROJECT_DIR

FAULTS_ONLY = ["-o", "testpaths=tests/faults tests/jobs"]
BROWSER_ONLY = ["-o", "testpaths=tests/e2e", "-m", "e2e"]


class Servers:
    """A stack that runs nothing: it notes what it was asked, and answers with the codes given."""

    owner_environment = {"DATABASE_URL": "postgres://owner:x@%2Ftmp%2Fs/portal"}

    def __init__(self, *codes):
        self.codes, self.asked = list(codes), []

    def foreground(self, argv, environment):
        self.asked.append((argv[3:], environment))
        return self.codes.pop(0)


@pytest.fixture(autouse=True)
def cpus(monkeypatch):
    """A function that says how many CPUs there are; four unless told."""

    def have(count):
        monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(count)))

    have(4)
    return have


@pytest.mark.parametrize("arguments", [[], ["-q"], ["--durations=60", "-x"]])
def test_the_whole_suite_runs_on_all_cpus_after_what_must_run_alone(arguments):
    servers = Servers(0, 0)

    assert suite.run(servers, arguments) == 0

    (alone, first), (others, second) = servers.asked
    assert alone[:4] == [*FAULTS_ONLY, "-m", "fault and not e2e"]
    assert "-n" not in alone
    assert others[:4] == ["-m", "not e2e and not fault", "-n", "4"]
    assert alone[len(alone) - len(arguments) :] == others[4:] == arguments
    assert "TEST_DATABASE_TEMPLATE" not in first
    assert second["TEST_DATABASE_TEMPLATE"] == "test_portal"


@pytest.mark.parametrize("arguments", [["tests/audit"], ["-k", "grading"], ["-n", "2"], ["--lf"]])
def test_a_part_runs_as_asked(arguments):
    servers = Servers(3)

    assert suite.run(servers, arguments) == 3
    assert [argv for argv, _ in servers.asked] == [["-m", "not e2e", *arguments]]


def test_one_cpu_has_one_process(cpus):
    cpus(1)
    servers = Servers(0)
    suite.run(servers, [])

    assert [argv for argv, _ in servers.asked] == [["-m", "not e2e"]]


def test_processes_are_not_more_than_the_servers_bear(cpus):
    cpus(64)
    servers = Servers(0, 0)
    suite.run(servers, [])

    assert servers.asked[1][0][3] == "8"


@pytest.mark.parametrize("codes, answer", [((1, 0), 1), ((0, 1), 1), ((1, 2), 2), ((0, 5), 5)])
def test_a_failure_of_either_is_a_failure(codes, answer):
    assert suite.run(Servers(*codes), []) == answer


@pytest.mark.parametrize("code", [2, 3, 4, 5, 130])
def test_what_did_not_run_ends_it(code):
    servers = Servers(code)

    assert suite.run(servers, []) == code
    assert len(servers.asked) == 1


@pytest.fixture
def nothing_kept(monkeypatch):
    monkeypatch.delenv("E2E_VAR_DIR", raising=False)


@pytest.mark.parametrize("count, processes", [(2, "2"), (64, "4")], ids=["two", "many"])
@pytest.mark.parametrize("arguments", [[], ["-q"]], ids=["whole", "quiet"])
def test_the_browser_tests_share_the_cpus(cpus, nothing_kept, arguments, count, processes):
    cpus(count)
    servers = Servers(1)

    assert suite.run_in_browser(servers, arguments, {"CHROMIUM_PATH": "/c"}) == 1

    ((argv, environment),) = servers.asked
    assert argv == [*BROWSER_ONLY, "-n", processes, *arguments]
    assert environment["CHROMIUM_PATH"] == "/c"


@pytest.mark.parametrize("arguments", [["tests/e2e/test_form.py", "-q"], ["-k", "walk"]])
def test_a_part_of_the_browser_tests_has_one_portal(nothing_kept, arguments):
    servers = Servers(0)
    suite.run_in_browser(servers, arguments, {})

    assert [argv for argv, _ in servers.asked] == [[*BROWSER_ONLY, *arguments]]


def test_a_portal_whose_data_are_kept_is_the_only_one(monkeypatch):
    monkeypatch.setenv("E2E_VAR_DIR", "/tmp/kept")
    servers = Servers(0)
    suite.run_in_browser(servers, [], {})

    assert [argv for argv, _ in servers.asked] == [BROWSER_ONLY]


@pytest.mark.parametrize(
    "mark, folders",
    [("fault", suite.FAULT_TESTS), ("e2e", suite.BROWSER_TESTS)],
    ids=["fault", "e2e"],
)
def test_nothing_marked_lies_where_it_would_not_be_collected(mark, folders):
    marked = [
        path.relative_to(PROJECT_DIR).as_posix()
        for path in (PROJECT_DIR / "tests").rglob("test_*.py")
        if re.search(rf"\bpytest\.mark\.{mark}\b", path.read_text(encoding="utf-8"))
    ]

    assert marked
    assert [
        path for path in marked if not path.startswith(tuple(f"{one}/" for one in folders))
    ] == []
