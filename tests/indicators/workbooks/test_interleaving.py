"""Whatever order people work in, on the web and in Excel: no acknowledged value is ever lost in silence.

A plain model of what each person saw decides what must happen: a line may be overwritten only by somebody
who had its present content before him, or who chose so when it was shown to him.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.actions.filling import CellEdit, save_cells
from indicators.rules import CellInput, read_cell, typed_of
from indicators.selectors import list_indicators, spec_of
from tests.factories.sheets import fill
from tests.indicators.workbooks.books import confirm, download, preview, send, typed_into

CODES = ("01", "04", "06", "08")
EDITORS = ("filler", "clerk")
codes = st.sampled_from(CODES)
texts = st.sampled_from(["", "0", "5", "60", "7.5", "1,234", "６０"])
WHOLE = {"04", "06", "08"}
acts = st.one_of(
    st.tuples(st.just("open page"), st.sampled_from(EDITORS)),
    st.tuples(st.just("type on the web"), st.sampled_from(EDITORS), codes, texts),
    st.tuples(st.just("download"), st.sampled_from(EDITORS)),
    st.tuples(st.just("type in Excel"), st.integers(0, 2), codes, texts),
    st.tuples(st.just("upload"), st.integers(0, 2)),
    st.tuples(st.just("confirm"), st.integers(0, 2), st.sampled_from(["file", "server"])),
)


@dataclass
class Copy:
    """A downloaded workbook: what stood in it, and what was typed since."""

    content: bytes
    base: dict[str, str]
    typed: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """What is stored, what each person's page shows, which workbooks are about."""

    submission: Any
    editors: dict[str, Any]
    specs: dict[str, Any]
    stored: dict[str, str] = field(default_factory=lambda: dict.fromkeys(CODES, ""))
    pages: dict[str, dict[str, str]] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    uploads: list[Any] = field(default_factory=list)

    def means(self, code, text):
        return read_cell(self.specs[code], CellInput(text))[0].number

    def same(self, code, one, other):
        return self.means(code, one) == self.means(code, other)

    def run(self, act):
        name, *rest = act
        getattr(self, f"do_{name.replace(' ', '_')}")(*rest)
        self.check()

    def check(self):
        rows = self.submission.values.values_list("indicator__code", "text")
        assert dict.fromkeys(CODES, "") | dict(rows) == self.stored

    def do_open_page(self, who):
        self.pages[who] = dict(self.stored)

    def do_type_on_the_web(self, who, code, text):
        if code in WHOLE and text == "7.5":
            return
        page = self.pages.setdefault(who, dict(self.stored))
        figure = read_cell(self.specs[code], CellInput(text))[0]
        base = typed_of(read_cell(self.specs[code], CellInput(page[code]))[0]).fingerprint
        saved = save_cells(
            actor=self.editors[who],
            submission_id=self.submission.public_id,
            edits=[CellEdit(code, base, figure)],
        )
        if text == self.stored[code]:
            assert list(saved.same) == [code]
        elif page[code] == self.stored[code]:
            assert list(saved.saved) == [code]
            self.stored[code] = text
        else:
            # Somebody else's value is there: the person is shown it, and nothing is written.
            assert list(saved.conflicts) == [code]
        page[code] = self.stored[code]

    def do_download(self, who):
        content = download(self.editors[who], self.submission)
        self.copies = [*self.copies[-2:], Copy(content, dict(self.stored))]

    def do_type_in_Excel(self, place, code, text):  # noqa: N802 -- named by the act
        if place < len(self.copies) and not (code in WHOLE and text == "7.5"):
            self.copies[place].typed[code] = text

    def do_upload(self, place):
        if place >= len(self.copies):
            return
        copy = self.copies[place]
        cells = {code: CellInput(text) for code, text in copy.typed.items()}
        upload = send(self.editors["filler"], self.submission, typed_into(copy.content, cells))
        assert not any(problem["blocks"] for problem in upload.problems)
        self.uploads = [*self.uploads[-2:], (upload, dict(copy.base), dict(copy.typed))]

    def do_confirm(self, place, choice):
        if place >= len(self.uploads):
            return
        upload, base, typed = self.uploads.pop(place)
        changed = {c: t for c, t in typed.items() if not self.same(c, t, base[c])}
        expected_conflicts, expected = {}, {}
        for code, text in changed.items():
            if self.same(code, text, self.stored[code]):
                continue
            if self.stored[code] == base[code]:
                expected[code] = text
            else:
                expected_conflicts[code] = (self.stored[code], text)
        shown = preview(self.editors["filler"], upload)
        conflicts = {
            change.code: (change.merged.server.text, change.merged.file.text)
            for change in shown.conflicts
        }
        assert conflicts == expected_conflicts
        confirm(self.editors["filler"], upload, dict.fromkeys(conflicts, choice))
        if choice == "file":
            expected |= {code: text for code, (_, text) in conflicts.items()}
        self.stored |= expected


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(acts, min_size=4, max_size=14), st.dictionaries(codes, st.sampled_from(["5", "60"]))
)
def test_nothing_acknowledged_is_lost(submission, people, clerk, sequence, before):
    with transaction.atomic():
        specs = {row.code: spec_of(row) for row in list_indicators(submission.collection.version)}
        world = World(submission, {"filler": people.filler, "clerk": clerk}, specs)
        if before:
            fill(people.filler, submission, {c: CellInput(t) for c, t in before.items()})
            world.stored |= before
        for act in sequence:
            world.run(act)
        for place in range(3):
            world.run(("upload", place))
        for _ in range(3):
            world.run(("confirm", 0, "file"))
        transaction.set_rollback(True)
