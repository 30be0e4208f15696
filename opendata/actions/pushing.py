"""Figures pushed by the systems of offices: the portal's own acts, once for each key, all or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from indicators.actions.filling import CellEdit, save_cells
from indicators.actions.monthly import report_months
from indicators.forms.monthly import MonthlyForm
from indicators.rules import CellInput, read_cell
from opendata.models import ApiToken, PushedRequest
from opendata.refusals import Fault, Faulty, fault
from opendata.selectors.datasets import digest_of
from opendata.selectors.offices import CountyMonths, get_county_months, get_sheet, specs_of

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """A request to write, with the key its sender gave it; `content` is its body as plain JSON."""

    key: str
    path: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pushed:
    """The answer, and whether it was given before."""

    answer: Answer
    is_replayed: bool


@transaction.atomic
def push_once(*, token: ApiToken, push: Push, act: Callable[[], Answer]) -> Pushed:
    """Do `act` unless the key has been used: then answer as before.

    Two at the same time wait for one another at the unique key. A push that was refused leaves no trace of its
    key, so that the corrected body may come under the same. Raises Stale `key_reused` for another content.
    """
    digest = digest_of([push.path, push.content])
    PushedRequest.objects.bulk_create(
        [PushedRequest(token=token, key=push.key, digest=digest, at=clock.now())],
        ignore_conflicts=True,
    )
    kept = PushedRequest.objects.select_for_update(of=("self",)).get(token=token, key=push.key)
    if kept.digest != digest:
        raise Stale(
            "key_reused", f"幂等键“{push.key}”已用于其他内容，没有写入；新的内容请换一个幂等键。"
        )
    if kept.answer is not None:
        return Pushed(kept.answer, is_replayed=True)
    kept.answer = act()
    kept.save(update_fields=["answer"])
    _record(token, push, kept.answer)
    return Pushed(kept.answer, is_replayed=False)


def trim_pushes() -> int:
    """Forget the keys and answers of pushes older than the settings say; what was written stays. Returns how many."""
    before = clock.now() - timedelta(days=settings.PUSHED_REQUEST_DAYS)
    return PushedRequest.objects.filter(at__lt=before).delete()[0]


def _record(token: ApiToken, push: Push, answer: Answer) -> None:
    """That it came by this token; what was written is in the entries of the acts themselves."""
    detail = {"prefix": token.prefix, "key": push.key, "path": push.path, "items": answer["items"]}
    region = token.holder.office.region
    entry = Entry("push", "api_token", str(token.public_id), detail, region.code if region else "")
    record(token.holder, entry)


@dataclass(frozen=True, slots=True)
class FigureEdit:
    """One line as pushed; `base` is the fingerprint read before, None for a line taken to be blank."""

    code: str
    typed: CellInput
    base: str | None


@transaction.atomic
def push_figures(*, token: ApiToken, sheet_id: UUID, figures: Sequence[FigureEdit]) -> Answer:
    """Write lines of a sheet by the act that autosave and workbooks use.

    Raises Faulty with what is wrong line by line; nothing is written then, nor over anybody's writing.
    """
    submission = get_sheet(token.holder, sheet_id)
    edits = _edits(specs_of(submission), figures)
    saved = save_cells(actor=token.holder, submission_id=sheet_id, edits=edits)
    places = {figure.code: place for place, figure in enumerate(figures)}
    conflicts = [
        fault(
            f"figures.{places[code]}.base",
            "edited_meanwhile",
            f"第{code}项已有其他填写，没有覆盖；请先读取本表，核对后以新的base重新提交。",
        )
        for code in saved.conflicts
    ]
    if conflicts:
        raise Faulty(
            "edited_meanwhile",
            f"有{len(conflicts)}项在读取之后已被修改，本次全部没有写入。",
            conflicts,
            HTTPStatus.CONFLICT,
        )
    done = set(saved.saved)
    items = [
        {"code": figure.code, "outcome": "saved" if figure.code in done else "same"}
        for figure in figures
    ]
    return {"id": str(sheet_id), "revision": saved.submission.revision, "items": items}


def _edits(specs: Mapping[str, Any], figures: Sequence[FigureEdit]) -> list[CellEdit]:
    """Each line read by the one normaliser. Raises Faulty with all that is wrong."""
    errors: list[Fault] = []
    edits, seen = [], set()
    blank = CellInput().fingerprint
    for place, figure in enumerate(figures):
        where = f"figures.{place}"
        spec = specs.get(figure.code)
        if spec is None or figure.code in seen:
            errors.append(_misplaced(where, figure.code, is_twice=spec is not None))
            continue
        seen.add(figure.code)
        read, faults = read_cell(spec, figure.typed)
        errors += [
            fault(f"{where}.{_PART.get(e.part, e.part)}", e.code, e.sentence) for e in faults
        ]
        edits.append(CellEdit(figure.code, blank if figure.base is None else figure.base, read))
    if errors:
        raise Faulty(
            "figures_invalid",
            f"有{len(errors)}处不符合要求，本次全部没有写入；请逐项改正。",
            errors,
        )
    return edits


_PART = {"text": "value"}


def _misplaced(where: str, code: str, *, is_twice: bool) -> Fault:
    if is_twice:
        return fault(
            f"{where}.code", "line_twice", f"第{code}项在本次提交中出现两次，请只保留一项。"
        )
    sentence = f"本表没有代码为“{code}”的指标，或未分给本单位，请核对指标代码。"
    return fault(f"{where}.code", "indicator_unknown", sentence)


@dataclass(frozen=True, slots=True)
class MonthEdit:
    """One month of one indicator as pushed; a blank number takes a reported figure back."""

    code: str
    month: int
    number: str
    note: str


@transaction.atomic
def push_months(
    *, token: ApiToken, call_id: UUID, seen: str, months: Sequence[MonthEdit]
) -> Answer:
    """Write monthly figures by the act of the monthly table; all or nothing."""
    county = get_county_months(token.holder, call_id)
    form = MonthlyForm.read(county.year, _posted(county, seen, months))
    places = {f"{edit.code}-{edit.month}": place for place, edit in enumerate(months)}
    errors = [_located(places, name, sentence) for name, sentence in form.faults]
    if errors:
        raise _refused(errors)
    try:
        written = report_months(actor=token.holder, call_id=call_id, entered=form.entered)
    except Invalid as refusal:
        raise _refused(
            [_located(places, refusal.field, refusal.sentence, refusal.code)]
        ) from refusal
    items = [{"code": edit.code, "month": edit.month} for edit in months]
    seen_now = get_county_months(token.holder, call_id).year.fingerprint
    return {"id": str(call_id), "written": written, "seen": seen_now, "items": items}


def _refused(errors: list[Fault]) -> Faulty:
    sentence = f"有{len(errors)}处不符合要求，本次全部没有写入；请逐项改正。"
    return Faulty("months_invalid", sentence, errors)


def _posted(county: CountyMonths, seen: str, months: Sequence[MonthEdit]) -> dict[str, str]:
    """The monthly form as if posted: what is stored, with the pushed figures over it. Raises Faulty."""
    data = {"seen": seen, **county.stored}
    errors, taken = [], set()
    for place, edit in enumerate(months):
        where, name = f"months.{place}", f"{edit.code}-{edit.month}"
        if edit.code not in county.codes:
            sentence = f"月报没有代码为“{edit.code}”的指标，请核对指标代码。"
            errors.append(fault(f"{where}.code", "indicator_unknown", sentence))
        elif edit.month not in county.ended:
            sentence = f"{edit.month}月尚未结束，请在次月初填报。"
            errors.append(fault(f"{where}.month", "month_not_over", sentence))
        elif name in taken:
            sentence = f"第{edit.code}项{edit.month}月在本次提交中出现两次，请只保留一项。"
            errors.append(fault(f"{where}.month", "month_twice", sentence))
        taken.add(name)
        data[f"f-{name}"], data[f"t-{name}"] = edit.number, edit.note
    if errors:
        raise _refused(errors)
    return data


def _located(
    places: Mapping[str, int], name: str, sentence: str, code: str = "number_invalid"
) -> Fault:
    kind, _, line = name.partition("-")
    if line not in places:
        return fault("months", code, sentence)
    part = {"f": "number", "t": "note"}.get(kind, kind)
    return fault(f"months.{places[line]}.{part}", code, sentence)
