"""Pages on which a scheme is written: its general terms, its indicators one by one."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from scoring.actions.scheme_drafts import DraftKey, edit_version
from scoring.forms.schemes import (
    GeneralForm,
    IndicatorPage,
    RevisionForm,
    TryForm,
    new_indicator,
)
from scoring.schemes.documents import (
    Edit,
    GeneralEdit,
    IndicatorEdit,
    MoveEdit,
    RemovalEdit,
    read_document,
)
from scoring.schemes.picture import picture_of
from scoring.schemes.sheet import SystemIndicator, lay_out
from scoring.schemes.trying import Trial, try_figure
from scoring.selectors.scheme_checks import check_version
from scoring.selectors.schemes import (
    IN_PREPARATION,
    county_names,
    get_version,
    list_system_indicators,
)
from scoring.views.scheme_words import scheme_crumbs
from scoring.views.schemes import READERS, scheme_page

if TYPE_CHECKING:
    from scoring.models import SchemeVersion


@page(Permission.EDIT_SCHEME, methods="GET POST", objects={"public_id": "scheme_version"})
def general(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Everything that holds for the whole scheme."""
    version = _open(request, public_id)
    document = read_document(version.document)
    form = GeneralForm(request.POST or None, document=document)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _saved(request, version, GeneralEdit(form.parts))
        if refusal is None:
            return redirect("scoring:scheme", public_id)
    context = {
        **_page_words(request, version, refusal, "修改总则"),
        "form": form,
        "sheet": lay_out(document),
    }
    status = _status(refusal, is_wrong=bool(form.errors))
    return render(request, "scoring/scheme_general.html", context, status=status)


def _open(request: AuthenticatedRequest, public_id: UUID) -> "SchemeVersion":
    """A version that may still be edited; one that is locked says so before anybody types."""
    version = get_version(request.user, public_id)
    if version.state not in IN_PREPARATION:
        raise Stale(
            "version_locked", f"“{version}”已锁定，内容不能再改。如需调整，请据以拟定新版本。"
        )
    return version


def _saved(request: AuthenticatedRequest, version: "SchemeVersion", edit: Edit) -> Refused | None:
    """Save an edit and say so; or why not."""
    key = DraftKey(version.public_id, RevisionForm(request.POST).seen)
    try:
        made = edit_version(actor=request.user, key=key, edit=edit)
    except (Invalid, Stale) as refusal:
        return refusal
    is_changed = made.revision != key.revision
    messages.success(request, "已保存。" if is_changed else "内容没有变化，无需保存。")
    return None


def _page_words(
    request: AuthenticatedRequest, version: "SchemeVersion", refusal: Refused | None, label: str
) -> dict[str, Any]:
    """What every form carries: the revision it was opened at, unless what was typed is kept against a newer one."""
    seen = RevisionForm(request.POST).seen if request.method == "POST" else version.revision
    is_stale = refusal is not None and refusal.code == "version_changed"
    return {
        "version": version,
        # Having been told, one saves over the newer text on purpose.
        "revision": version.revision if is_stale else seen,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": scheme_crumbs(version, (label, None)),
    }


def _status(refusal: Refused | None, *, is_wrong: bool) -> int:
    if refusal is not None:
        return refusal.status
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK


@page(
    Permission.EDIT_SCHEME,
    methods="GET POST",
    objects={"public_id": "scheme_version", "position": "scheme_position"},
)
def indicator(request: AuthenticatedRequest, public_id: UUID, position: int) -> HttpResponse:
    """One indicator: its weight, its treatment of absence, its rule."""
    version = _open(request, public_id)
    row = _row(version, position)
    if request.method == "POST":
        # Somebody's page: a colleague may have moved what it shows.
        row = _same(version, request.POST.get("code", ""), row)
    mine = _of_system(version, row["code"])
    absence = read_document(version.document)["absence"]
    page_of = IndicatorPage.of(row, absence, county_names(), mine.items)
    return _indicator_page(request, version, page_of, mine, position)


@page(Permission.EDIT_SCHEME, methods="GET POST", objects={"public_id": "scheme_version"})
def add(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """An indicator of the system that the scheme does not have yet: first chosen, then written."""
    version = _open(request, public_id)
    document = read_document(version.document)
    listed = {row["code"] for row in document["indicators"]}
    system = list_system_indicators(version)
    free = [each for each in system if each.code not in listed]
    code = request.POST.get("code") or request.GET.get("code", "")
    chosen = next((each for each in free if each.code == code), None)
    if chosen is None:
        context = {
            **_page_words(request, version, None, "增加指标"),
            "free": free,
            "count": len(system),
        }
        return render(request, "scoring/scheme_add.html", context)
    page_of = IndicatorPage.of(
        new_indicator(chosen), document["absence"], county_names(), chosen.items
    )
    return _indicator_page(request, version, page_of, chosen, None)


def _row(version: "SchemeVersion", position: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = read_document(version.document)["indicators"]
    if position >= len(rows):
        raise Http404
    return rows[position]


def _same(version: "SchemeVersion", code: str, otherwise: dict[str, Any]) -> dict[str, Any]:
    rows: list[dict[str, Any]] = read_document(version.document)["indicators"]
    return next((row for row in rows if row["code"] == code), otherwise)


def _of_system(version: "SchemeVersion", code: str) -> SystemIndicator:
    """What the indicator system says of it; a stranger to the system is taken for a plain number."""
    system = list_system_indicators(version)
    stranger = SystemIndicator(code, "", code, "", "number")
    return next((each for each in system if each.code == code), stranger)


def _indicator_page(
    request: AuthenticatedRequest,
    version: "SchemeVersion",
    entry: IndicatorPage,
    mine: SystemIndicator,
    position: int | None,
) -> HttpResponse:
    """Show, work on rows, try a figure or save: as the pressed button says."""
    refusal, trial, row = None, None, None
    if request.method == "POST":
        entry = entry.posted(request.POST)
        act = request.POST.get("do", "save")
        if not entry.work(act, request.POST):
            row = entry.read()
            if row is not None and act == "try":
                trial = _tried(request, version, row, mine)
            elif row is not None:
                refusal = _saved(request, version, IndicatorEdit(row, position))
                if refusal is None:
                    return redirect("scoring:scheme", version.public_id)
    elif position is not None:
        row = _row(version, position)
    label = "修改指标" if position is not None else "增加指标"
    context = {
        **_page_words(request, version, refusal, label),
        "label": label,
        "entry": entry,
        "mine": mine,
        "try_form": TryForm(request.POST or None),
        "trial": trial,
        "picture": picture_of(row["rule"], row["unit"]) if row else None,
        "problems": [each for each in check_version(version) if each.position == position],
    }
    status = _status(refusal, is_wrong=entry.is_wrong)
    return render(request, "scoring/scheme_indicator.html", context, status=status)


def _tried(
    request: AuthenticatedRequest,
    version: "SchemeVersion",
    row: dict[str, Any],
    mine: SystemIndicator,
) -> Trial:
    form = TryForm(request.POST)
    try:
        measure = form.measure(mine)
    except Invalid as refusal:
        return Trial(reason=refusal.sentence)
    return try_figure(read_document(version.document), row, measure)


@page(
    *READERS,
    methods="GET POST",
    objects={"public_id": "scheme_version", "position": "scheme_position"},
)
def rule(request: AuthenticatedRequest, public_id: UUID, position: int) -> HttpResponse:
    """One indicator to read: the line drawn, any figure tried; nothing is saved."""
    version = get_version(request.user, public_id)
    row = _row(version, position)
    mine = _of_system(version, row["code"])
    trial = _tried(request, version, row, mine) if request.method == "POST" else None
    (line,) = lay_out({**read_document(version.document), "indicators": [row]}).groups[0].lines
    context = {
        "version": version,
        "line": line,
        "rule": row["rule"],
        "mine": mine,
        "picture": picture_of(row["rule"], row["unit"]),
        "try_form": TryForm(request.POST or None),
        "trial": trial,
        "breadcrumbs": scheme_crumbs(version, (row["name"], None)),
    }
    return render(request, "scoring/scheme_rule.html", context)


@page(
    Permission.EDIT_SCHEME,
    methods="POST",
    objects={"public_id": "scheme_version", "position": "scheme_position"},
)
def move(request: AuthenticatedRequest, public_id: UUID, position: int) -> HttpResponse:
    """One place up or down."""
    by = -1 if request.POST.get("by") == "-1" else 1
    return _at_once(request, public_id, MoveEdit(position, by))


@page(
    Permission.EDIT_SCHEME,
    methods="GET POST",
    objects={"public_id": "scheme_version", "position": "scheme_position"},
)
def remove(request: AuthenticatedRequest, public_id: UUID, position: int) -> HttpResponse:
    """Take an indicator out, after a last look."""
    if request.method == "POST":
        return _at_once(request, public_id, RemovalEdit(position))
    version = _open(request, public_id)
    row = _row(version, position)
    context = {
        "version": version,
        "label": "删去指标",
        "title": f"从方案中删去“{row['name']}”？",
        "consequences": [
            f"权重合计减少{row['weight']}分；各县填报的该项数据不再计分。",
            "只改变这个未锁定的版本，可以再从指标体系中加入。",
        ],
        "hidden": [("revision", version.revision)],
        "tone": "danger",
        "cancel_url": reverse("scoring:scheme", args=[public_id]),
        "breadcrumbs": scheme_crumbs(version, ("删去指标", None)),
    }
    return render(request, "scoring/scheme_confirm.html", context)


def _at_once(request: AuthenticatedRequest, public_id: UUID, edit: Edit) -> HttpResponse:
    version = get_version(request.user, public_id)
    refusal = _saved(request, version, edit)
    if refusal is not None:
        return scheme_page(request, get_version(request.user, public_id), refusal)
    return redirect("scoring:scheme", public_id)
