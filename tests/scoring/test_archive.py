"""A run verified to the bit, and the zip by which anybody can do it again."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from county_portal.audit.models import Event
from county_portal.notices.models import Notice
from scoring.archive import VERIFIER, archive_of, manifest_of, problems_of, regrade
from scoring.engine.codec import results_bytes, sha256
from scoring.models import GradingRun, Result, ResultLine, SchemeVersion
from scoring.tasks.nightly import verify_runs


def tamper(model, statement):
    """What only the owner of the tables could do, with the triggers off."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {statement}")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_untouched_run_holds(run):
    assert problems_of(GradingRun.objects.get(pk=run.pk)) == []


@pytest.mark.parametrize(
    "model, statement, problem",
    [
        (Result, "total = total + 0.01 WHERE rank = 1", "存储的县级结果与重新计分不符"),
        (Result, "class_name = 'A' WHERE rank = 1", "存储的县级结果与重新计分不符"),
        (Result, "rank = 3 WHERE rank = 2", "存储的县级结果与重新计分不符"),
        (ResultLine, "score = 0 WHERE indicator_code = '04'", "存储的指标得分与重新计分不符"),
        (GradingRun, "inputs = replace(inputs, '16625', '16626')", "冻结输入的摘要不符"),
        (GradingRun, "results_sha256 = repeat('0', 64)", "重新计分的结果摘要不符"),
        (GradingRun, "digest = repeat('0', 64)", "运行摘要不符"),
        (GradingRun, "exception_reason = '事后补写'", "运行摘要不符"),
        (SchemeVersion, "document = replace(document, '\"80\"', '\"79\"')", "冻结输入无法重新计分"),
    ],
)
def test_tampering_is_found(run, model, statement, problem):
    tamper(model, statement)

    problems = problems_of(GradingRun.objects.get(pk=run.pk))

    assert any(found.startswith(problem) for found in problems), problems


def test_deleted_line_is_found(run):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE scoring_resultline DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM scoring_resultline WHERE indicator_code = '17'")

    assert problems_of(run) == ["存储的指标得分与重新计分不符"]


def test_archive_holds_everything_and_is_the_same_twice(run):
    content = archive_of(run)

    assert archive_of(run) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [
            "inputs.json",
            "scheme.json",
            "results.json",
            "manifest.json",
            "verify.py",
            "SHA256SUMS",
        ]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert sha256(archive.read("inputs.json")) == run.inputs_sha256
        assert sha256(archive.read("manifest.json")) == run.digest
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["about"]["collection"] == run.collection.title


def test_archive_verifies_as_it_is_given_out(run, tmp_path):
    (tmp_path / "run.zip").write_bytes(archive_of(run))

    outcome = subprocess.run(
        [sys.executable, "-I", VERIFIER, "run.zip"], cwd=tmp_path, capture_output=True, check=False
    )

    assert (outcome.returncode, outcome.stderr) == (0, b"")


def test_archive_verifies_elsewhere_with_its_own_program(run, tmp_path):
    with zipfile.ZipFile(io.BytesIO(archive_of(run))) as archive:
        archive.extractall(tmp_path)

    def verify():
        return subprocess.run(
            [sys.executable, "-I", "verify.py", "."], cwd=tmp_path, capture_output=True, check=False
        )

    assert verify().returncode == 0, verify().stdout.decode()
    inputs = tmp_path / "inputs.json"
    inputs.write_text(inputs.read_text("utf-8").replace("16625", "16626"), "utf-8")
    assert verify().returncode != 0


def test_manifest_names_who_was_left_out(run):
    run.left_out, run.exception_reason = ["130121"], "机构改革"

    about = json.loads(manifest_of(run, results_bytes(regrade(run))))["about"]

    assert (about["left_out"], about["exception_reason"]) == ("130121", "机构改革")


def test_verify_run_command_says_what_holds(run, capsys):
    call_command("verify_run", str(run.public_id))
    call_command("verify_run", "--all")

    lines = capsys.readouterr().out.splitlines()
    assert [line.endswith(f"{run.digest} 一致") for line in lines] == [True, True]


def test_verify_run_command_fails_on_tampering(run):
    tamper(Result, "total = 99 WHERE rank = 1")

    with pytest.raises(CommandError, match="1次评价核验不符"):
        call_command("verify_run", "--all")


def test_verify_run_command_fails_without_a_run(db):
    with pytest.raises(CommandError, match="没有找到"):
        call_command("verify_run", "--all")
    with pytest.raises(CommandError, match="请给出"):
        call_command("verify_run")


def test_every_night_all_runs_are_verified_and_it_is_written_down(run):
    verify_runs()

    event = Event.objects.get(act="verify_runs")
    assert event.detail == {"runs": 1, "broken": 0}
    assert not Notice.objects.filter(kind="run_broken").exists()


def test_a_run_that_no_longer_holds_is_told_to_those_who_grade_once_a_night(run, people):
    tamper(Result, "total = total + 0.01 WHERE rank = 1")

    verify_runs()
    verify_runs()

    notices = Notice.objects.filter(kind="run_broken")
    assert [notice.recipient for notice in notices] == [people.manager]
    assert "存储的县级结果与重新计分不符" in notices[0].body
    assert Event.objects.filter(act="run_broken", object_id=str(run.public_id)).count() == 2
