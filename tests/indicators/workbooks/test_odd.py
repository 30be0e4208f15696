"""Every hostile or odd workbook meets its sentence and changes nothing; hostile ones cost little."""

import json
import re
import resource
import subprocess
import sys

import pytest

from county_portal.common.errors import Invalid
from indicators.models import WorkbookUpload
from tests.factories.sheets import fill_whole, submission_of
from tests.indicators.workbooks import xml
from tests.indicators.workbooks.books import (
    confirm,
    digest,
    download,
    edited,
    preview,
    send,
)
from tests.indicators.workbooks.odd import FINE, NOT_TAKEN, PROBLEMS, REFUSED

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def honest(submission, people):
    """A copy in which every line is answered."""
    fill_whole(people.filler, submission)
    return download(people.filler, submission)


def test_there_are_fifty_of_them():
    assert len(NOT_TAKEN | REFUSED | PROBLEMS) >= 50


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_no_workbook_at_all(submission, people, honest, name):
    odd, before = NOT_TAKEN[name], digest(submission)

    with pytest.raises(Invalid) as refused:
        send(people.filler, submission, odd.make(honest), odd.name)

    assert refused.value.code == odd.code
    assert CHINESE.search(refused.value.sentence)
    assert "请" in refused.value.sentence
    assert digest(submission) == before
    assert not WorkbookUpload.objects.exists()


@pytest.mark.parametrize("name", REFUSED)
def test_not_this_sheets_workbook(submission, people, honest, name):
    odd, before = REFUSED[name], digest(submission)

    upload = send(people.filler, submission, odd.make(honest), odd.name)

    [problem] = upload.problems
    assert (upload.state, problem["code"]) == ("refused", odd.code)
    assert CHINESE.search(problem["problem"])
    assert "请" in problem["problem"]
    assert upload.cells == {}
    assert digest(submission) == before


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_cell_that_cannot_be_taken_as_it_is(submission, people, honest, name):
    odd, before = PROBLEMS[name], digest(submission)

    upload = send(people.filler, submission, odd.make(honest), odd.name)

    first = upload.problems[0]
    assert (first["code"], first["cell"], first["blocks"]) == (odd.code, odd.cell, odd.blocks)
    assert CHINESE.search(first["problem"])
    assert CHINESE.search(first["remedy"])
    assert CHINESE.search(first["field"])
    assert digest(submission) == before
    if odd.blocks:
        confirm(people.filler, upload)
        assert digest(submission) == before
    else:
        assert [change.code for change in preview(people.filler, upload).written] == ["04"]


@pytest.mark.parametrize("name", FINE)
def test_odd_but_clear(submission, people, honest, name):
    odd, before = FINE[name], digest(submission)

    upload = send(people.filler, submission, odd.make(honest), odd.name)
    applied = confirm(people.filler, upload)

    assert upload.problems == []
    assert set(applied.upload.outcome.values()) == {"same"}
    assert len(applied.upload.outcome) == 17
    assert digest(submission) == before


def test_the_sentences_differ():
    """One sentence per cause: nobody is told something that fits everything."""
    codes = {odd.code for odd in (NOT_TAKEN | REFUSED | PROBLEMS).values()}

    assert len(codes) >= 40


def test_another_countys_copy_is_named(submission, people, collection):
    other = submission_of(collection, "130102")
    from tests.factories.sheets import filler_of

    content = download(filler_of(people.changan_lead), other)

    upload = send(people.filler, submission, content)

    assert upload.problems[0]["code"] == "workbook_other_county"
    assert "长安区" in upload.problems[0]["problem"]


def test_another_countys_copy_under_our_name_is_unknown(submission, people, collection):
    other = submission_of(collection, "130102")
    from tests.factories.sheets import filler_of

    theirs = download(filler_of(people.changan_lead), other)

    content = edited(theirs, lambda book: book["_portal"].cell(3, 2, "131081"))
    upload = send(people.filler, submission, content)

    assert upload.problems[0]["code"] == "workbook_copy_unknown"


READ = """
import json, resource, sys, time
from indicators.workbook.read import Reading
from county_portal.common.errors import Invalid
content = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
try:
    reading = Reading(content)
    reading.identity()
    reading.contents([], {})
    code = ""
except Invalid as refusal:
    code = refusal.code
seconds = time.process_time() - started
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"code": code, "seconds": seconds, "kilobytes": after - before}))
"""


@pytest.mark.parametrize("count", [20_000, 60_000])
def test_a_hostile_sheet_costs_little(submission, people, honest, tmp_path, count):
    """Read in a process of its own, so that its memory is its alone."""
    file = tmp_path / "hostile.xlsx"
    file.write_bytes(xml.many_rows(honest, count))

    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)], capture_output=True, check=True, text=True
    )

    cost = json.loads(done.stdout)
    assert cost["code"] == "workbook_too_large"
    assert cost["seconds"] < 1
    assert cost["kilobytes"] < 60_000


def test_memory_is_measured_in_kilobytes():
    assert sys.platform == "linux"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 10_000
