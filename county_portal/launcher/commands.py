"""What `make run`, `make test` and the others do once the virtual environment is there."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from county_portal.launcher import backup, check, refusals, suite
from county_portal.launcher.environment import find_browser, read_address, read_var_dir
from county_portal.launcher.instance import Instance
from county_portal.launcher.processes import PROJECT_DIR, started_at
from county_portal.launcher.stack import Stack, Step, manage, running_stack, say
from county_portal.launcher.supervisor import Interrupted

DEV_SETTINGS = "county_portal.settings.dev"
# Commands that change tables, which only their owner may.
OWNER_COMMANDS = frozenset({"migrate", "apply_grants", "pgtrigger"})
STOP_SECONDS = 12.0
DAEMON_SECONDS = 30.0


def run(_arguments: Sequence[str]) -> int:
    """Run the whole portal until Ctrl-C."""
    address = read_address()
    with locked_instance("var/run") as instance:
        address.require_free()
        with running_stack(instance, DEV_SETTINGS) as stack:
            # For the QR codes on documents, which lead back to this instance.
            stack.environment.setdefault("PORTAL_URL", address.url)
            _prepare_pages(stack)
            _load_demonstration(stack)
            web = stack.start_web(address)
            stack.start_worker()
            stack.start_scheduler()
            accounts = stack.ask("demo_accounts")
            stack.wait_for_web(web, address)
            say(f"县域科技创新管理平台已启动：{address.url}/")
            say(accounts)
            say(f"按 Ctrl-C 停止；日志在 {instance.log_dir}")
            try:
                stack.supervisor.watch()
            except Interrupted:
                say("正在停止……")
        say("已停止。")
    return 0


def test(arguments: Sequence[str]) -> int:
    """Run the tests that need no browser, on servers of their own."""
    with _servers_for_tests() as stack:
        return suite.run(stack, arguments)


def e2e(arguments: Sequence[str]) -> int:
    """Run the browser tests, on servers of their own."""
    browser = find_browser()
    if not browser:
        raise refusals.no_chromium()
    extra = {"CHROMIUM_PATH": browser, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    with _servers_for_tests() as stack:
        return suite.run_in_browser(stack, arguments, extra)


def screenshots(arguments: Sequence[str]) -> int:
    """Take the pictures of the guides anew, from a portal of its own with the demonstration."""
    browser = find_browser()
    if not browser:
        raise refusals.no_chromium()
    extra = {"CHROMIUM_PATH": browser, "DJANGO_ALLOW_ASYNC_UNSAFE": "1", "TAKE_PICTURES": "1"}
    with _servers_for_tests() as stack:
        return suite.pytest(stack, ["-m", "e2e", "tests/e2e/test_pictures.py", *arguments], extra)


def demo(arguments: Sequence[str]) -> int:
    """Play one year of a province on an empty database of its own; documents go to OUT."""
    out = os.environ.get("OUT")
    if not out:
        raise refusals.no_out_dir()
    target = Path(out).expanduser().resolve()
    with (
        temporary_instance("demo") as instance,
        running_stack(instance, DEV_SETTINGS, ephemeral=True) as stack,
    ):
        stack.prepare_database()
        stack.start_worker()
        stack.start_scheduler()
        return stack.foreground(manage("run_demo_year", "--out", str(target), *arguments))


def bench(arguments: Sequence[str]) -> int:
    """Measure the portal on a database of its own, durable like the real one."""
    with (
        temporary_instance("bench") as instance,
        running_stack(instance, DEV_SETTINGS, may_create_databases=True) as stack,
    ):
        _prepare_pages(stack)
        return stack.foreground(
            [sys.executable, "-m", "tests.bench", *arguments], stack.owner_environment
        )


def back_up(_arguments: Sequence[str]) -> int:
    """Copy the instance in VAR_DIR, running or not, into the folder OUT."""
    out = os.environ.get("OUT")
    if not out:
        raise refusals.no_backup_dir("OUT")
    folder = Path(out).expanduser().resolve()
    began = time.monotonic()
    instance = Instance(read_var_dir("var/run"))
    if instance.is_locked():
        published = _published_environment(instance)
        owner_url = published.get("DATABASE_OWNER_URL", published["DATABASE_URL"])
        backup.write(owner_url, instance.var_dir, folder)
    else:
        with locked_instance("var/run") as locked, running_stack(locked, DEV_SETTINGS) as stack:
            backup.write(stack.owner_environment["DATABASE_URL"], locked.var_dir, folder)
    say(f"已备份到 {folder}，用时{time.monotonic() - began:.0f}秒。")
    return 0


def restore(_arguments: Sequence[str]) -> int:
    """Make a new instance in VAR_DIR of the copy in FROM, bring its tables up to date, and check the record."""
    source = os.environ.get("FROM")
    if not source:
        raise refusals.no_backup_dir("FROM")
    folder = Path(source).expanduser().resolve()
    began = time.monotonic()
    backup.check(folder)
    with locked_instance("var/run") as instance, running_stack(instance, DEV_SETTINGS) as stack:
        backup.read(stack.owner_environment["DATABASE_URL"], instance.var_dir, folder)
        stack.prepare_database()
        # What was restored is the portal's data; the demonstration must not be laid over it.
        province = stack.environment.get("PROVINCE", "")
        instance.marker("demo-loaded").write_text(province, encoding="utf-8")
        say(
            f"已恢复到 {instance.var_dir}，用时{time.monotonic() - began:.0f}秒。正在校验审计记录……"
        )
        return stack.foreground(manage("verify_audit"))


def manage_command(arguments: Sequence[str]) -> int:
    """Run a management command on the instance in VAR_DIR, starting its servers when they are not running."""
    instance = Instance(read_var_dir("var/run"))
    if instance.is_locked():
        state = _published_environment(instance)
        return subprocess.run(
            manage(*arguments), env=_for_command(arguments, {**os.environ, **state}), check=False
        ).returncode
    with locked_instance("var/run") as locked, running_stack(locked, DEV_SETTINGS) as stack:
        environment = _for_command(
            arguments, stack.owner_environment | {"DATABASE_URL": stack.environment["DATABASE_URL"]}
        )
        return stack.foreground(manage(*arguments), environment)


def serve(_arguments: Sequence[str]) -> int:
    """Run only the servers, for development, until stopped; `env` starts this in the background."""
    with (
        locked_instance("var/dev") as instance,
        running_stack(instance, DEV_SETTINGS, ephemeral=True, may_create_databases=True) as stack,
    ):
        instance.marker("ready").touch()
        try:
            stack.supervisor.watch()
        finally:
            instance.marker("ready").unlink(missing_ok=True)
    return 0


def env(_arguments: Sequence[str]) -> int:
    """Start the development servers in the background unless they run; print what a shell must export."""
    instance = Instance(read_var_dir("var/dev"))
    if not instance.is_locked():
        instance.prepare()
        instance.marker("ready").unlink(missing_ok=True)
        with instance.log("serve").open("ab") as log:
            daemon = subprocess.Popen(
                [sys.executable, "-m", "county_portal.launcher", "serve"],
                cwd=PROJECT_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + DAEMON_SECONDS
        while not instance.marker("ready").exists():
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise refusals.child_failed("开发用服务", str(instance.log("serve")))
            time.sleep(0.05)
    exported = _published_environment(instance)
    # Developers create tables and test databases, so they work as the owner; pytest chooses its own settings.
    exported["DATABASE_URL"] = exported["DATABASE_OWNER_URL"]
    exported.pop("DJANGO_SETTINGS_MODULE")
    for name, value in exported.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def stop(_arguments: Sequence[str]) -> int:
    """Stop whatever runs in VAR_DIR."""
    instance = Instance(read_var_dir("var/dev"))
    pid = instance.read_state().get("pid")
    if not instance.is_locked() or not isinstance(pid, int):
        say(f"目录 {instance.var_dir} 没有正在运行的实例。")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while started_at(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return 0 if not started_at(pid) else 1


@contextmanager
def locked_instance(default_dir: str) -> Iterator[Instance]:
    """Prepare the instance in VAR_DIR and hold it for this process."""
    instance = Instance(read_var_dir(default_dir))
    instance.prepare()
    held = instance.lock()
    try:
        yield instance
    finally:
        os.close(held)


@contextmanager
def temporary_instance(purpose: str) -> Iterator[Instance]:
    """Make an instance with servers of its own, which vanishes afterwards with its data."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(
        prefix=f"county-portal-{purpose}-", ignore_cleanup_errors=True
    ) as directory:
        instance = Instance(Path(directory).resolve())
        instance.prepare()
        held = instance.lock()
        servers_dir = instance.servers_dir
        try:
            yield instance
        finally:
            os.close(held)
            shutil.rmtree(servers_dir, ignore_errors=True)


@contextmanager
def _servers_for_tests() -> Iterator[Stack]:
    with (
        locked_instance("var/test") as instance,
        running_stack(instance, suite.SETTINGS, ephemeral=True, may_create_databases=True) as stack,
    ):
        yield stack


def _prepare_pages(stack: Stack) -> None:
    """Make the tables and, beside them, gather what the web serves: without it no page is rendered."""
    collecting = _begin_collecting_static_files(stack)
    stack.prepare_database()
    if collecting:
        _finish_collecting_static_files(stack, collecting)


def _begin_collecting_static_files(stack: Stack) -> Step | None:
    """Begin gathering what the web serves, unless nothing changed since the last time."""
    marker = stack.instance.marker("static-collected")
    if marker.exists() and marker.read_text(encoding="ascii") == _static_digest():
        return None
    # Documents read their fonts from the project; nobody is served them, and compressing them takes minutes.
    command = ["collectstatic", "--noinput", "--clear", "--ignore", "fonts/*"]
    return stack.begin_step("收集静态文件", command)


def _finish_collecting_static_files(stack: Stack, collecting: Step) -> None:
    collecting.finish()
    stack.instance.marker("static-collected").write_text(_static_digest(), encoding="ascii")


def _static_digest() -> str:
    """Digest names, sizes and times of what is collected, and the versions of the packages that bring more."""
    digest = hashlib.sha256((PROJECT_DIR / "constraints.txt").read_bytes())
    for path in sorted(path for folder in static_folders() for path in folder.rglob("*")):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def static_folders() -> list[Path]:
    """The project's own, and every app's: a page whose style was not collected answers 500."""
    own = [PROJECT_DIR / "static", *PROJECT_DIR.glob("*/static")]
    return [*own, *PROJECT_DIR.glob("county_portal/*/static")]


def _load_demonstration(stack: Stack) -> None:
    """Load the demonstration once; the marker saves the seconds it takes to find out that it is there."""
    marker = stack.instance.marker("demo-loaded")
    province = stack.environment.get("PROVINCE", "")
    if marker.exists() and marker.read_text(encoding="utf-8") == province:
        return
    say("正在载入演示数据（仅首次）……")
    with stack.hurried_commits():
        stack.step("载入演示数据", ["load_demo"])
    marker.write_text(province, encoding="utf-8")


def _published_environment(instance: Instance) -> dict[str, str]:
    published = instance.read_state().get("environment")
    if not isinstance(published, dict):
        raise refusals.already_running(str(instance.var_dir))
    return {str(name): str(value) for name, value in published.items()}


def _for_command(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    chosen = dict(environment)
    owner_url = chosen.get("DATABASE_OWNER_URL")
    if arguments and arguments[0] in OWNER_COMMANDS and owner_url:
        chosen["DATABASE_URL"] = owner_url
    return chosen


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "e2e": e2e,
    "check": check.check,
    "demo": demo,
    "bench": bench,
    "backup": back_up,
    "restore": restore,
    "screenshots": screenshots,
    "manage": manage_command,
    "env": env,
    "serve": serve,
    "stop": stop,
}
