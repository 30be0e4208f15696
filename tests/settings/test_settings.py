"""Settings as a process reads them: each case starts one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from county_portal.settings.environment import Environment, SuiteProcess, celery_broker_url

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / ".env.sample"
KEY = "Zq7-xW3_" * 8
GOOD = {
    "DJANGO_SETTINGS_MODULE": "county_portal.settings.production",
    "DATABASE_URL": "postgres://portal_app:x@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "portal.example.gov.cn",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example.gov.cn",
    "CLAMAV_SOCKET": "/run/clamav/clamd.ctl",
    "DOCUMENT_KEYS_DIR": "/etc/county-portal/keys",
    "PORTAL_URL": "https://portal.example.gov.cn",
}


def start(tmp_path, *command, **changes):
    """Run a management command with nothing in the environment but what is given."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **GOOD, **changes}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *command],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean(tmp_path):
    done = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")
    assert "0 silenced" in done.stdout


def test_a_server_without_a_virus_scanner_is_warned(tmp_path):
    done = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", CLAMAV_SOCKET=None)

    assert done.returncode != 0
    assert "files.W001" in done.stderr


@pytest.mark.parametrize(
    "changes, name",
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "k" * 49}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-a-demonstration-on-this-machine-" + "0" * 20}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-tests-" + "0" * 50}, "SECRET_KEY"),
        ({"SECRET_KEY": "k" * 60}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "portal.example.gov.cn,*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"DOCUMENT_KEYS_DIR": None}, "DOCUMENT_KEYS_DIR"),
        ({"TRUSTED_PROXY_COUNT": "one"}, "TRUSTED_PROXY_COUNT"),
    ],
)
def test_production_refuses_and_names_the_variable(tmp_path, changes, name):
    done = start(tmp_path, "check", **changes)

    assert done.returncode != 0
    assert name in done.stderr


def test_production_serves_nothing_over_plain_http(tmp_path):
    script = (
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_NAME, s.IS_DEMONSTRATION, s.PASSWORD_HASHERS[0].split('.')[-1])"
    )

    done = start(tmp_path, "shell", "-v", "0", "-c", script)

    assert done.stdout.split() == [
        *("False", "True", "True", "True"),
        *("31536000", "__Host-sessionid", "False", "Argon2PasswordHasher"),
    ]


def test_the_sample_lists_exactly_the_variables_read():
    listed = re.findall(r"^([A-Z_]+)=", SAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    read = [field.alias for field in Environment.model_fields.values()]

    assert sorted(listed) == sorted(read)


def test_nothing_else_reads_the_environment():
    """The launcher reads its own; Django's entry points only say which settings to use."""
    entries = {"manage.py", "county_portal/celery.py", "county_portal/wsgi.py"}
    found = set()
    for package in ("county_portal", "indicators", "scoring", "reports", "applications"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "launcher" not in path.parts and re.search(
                r"os\.environ|os\.getenv|environ\[", text
            ):
                found.add(path.relative_to(ROOT).as_posix())

    # fontconfig is told by the environment where its fonts lie, the rendering process where its libraries do.
    told = {"county_portal/documents/fonts.py", "county_portal/documents/typesetter.py"}
    assert found - entries - told == set()


@pytest.mark.parametrize(
    "url, broker",
    [
        ("redis://cache:6379/0", "redis://cache:6379/0"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_broker_url(url, broker):
    assert celery_broker_url(url) == broker


def test_lists_drop_blanks():
    assert Environment.model_construct().listed(" a.example , ,b.example,") == [
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize(
    "worker, url, own",
    [
        ("", "unix:///run/valkey.sock?db=0", "unix:///run/valkey.sock?db=0"),
        ("gw0", "unix:///run/valkey.sock?db=0", "unix:///run/valkey.sock?db=1"),
        ("gw7", "redis://:x@cache:6379/0", "redis://:x@cache:6379/8"),
        ("gw0", "", ""),
    ],
)
def test_processes_of_the_suite_share_no_redis_database(monkeypatch, worker, url, own):
    monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
    assert SuiteProcess().own_redis(url) == own
