"""What every template must keep to, and the style guide that shows each component."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Engine
from django.template.backends.django import DjangoTemplates
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from county_portal.common.templatetags import portal_ui

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
COMPONENTS = TEMPLATES / "components"
ALL_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
# Official documents become PDF: no browser and no content security policy ever sees them.
PAGES = [
    path
    for path in ALL_TEMPLATES
    if "documents" not in path.relative_to(TEMPLATES).parts
    # Its own pages extend the base; their parts begin with an underscore.
    or path.name.startswith("_")
    or '{% extends "base' in path.read_text(encoding="utf-8")
]
ERROR_PAGES = [f"errors/{status}.html" for status in (400, 403, 404, 405, 409, 500, 503)]
VENDOR = ROOT / "static" / "vendor"

COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"{%-?\s*(\w+)\s*(.*?)\s*%}")
COMPONENT_NAME = re.compile(r"components/[\w/]+\.html")


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def tags(path: Path) -> list[tuple[str, str]]:
    return TAG.findall(source(path))


def relative(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


class InlineParts(HTMLParser):
    """Collects whatever the content security policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"<{tag} {name}>")
            if name in {"href", "src", "action"} and (value or "").strip().startswith("javascript"):
                self.found.append(f"<{tag} {name}=javascript>")

    handle_startendtag = handle_starttag


def inline_parts(html: str) -> list[str]:
    parser = InlineParts()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p style='color:red'>", ["<p style>"]),
        ("<script>1</script>", ["<script>"]),
        ("<script src='/a.js'></script>", []),
        ("<a onclick='x()' href='#'>", ["<a onclick>"]),
        ("<br style='x'/>", ["<br style>"]),
        ("<form hx-on:submit='x()'>", ["<form hx-on:submit>"]),
        ("<a href='javascript:x()'>", ["<a href=javascript>"]),
    ],
)
def test_inline_parts_are_recognised(html: str, found: list[str]) -> None:
    assert inline_parts(html) == found


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_template_has_nothing_inline(path: Path) -> None:
    # Template tags inside attributes confuse an HTML parser; their text is of no interest here.
    html = re.sub(r"{%.*?%}", " ", re.sub(r"{{.*?}}", "x", source(path)))

    assert inline_parts(html) == []


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=relative)
def test_template_loads_once_and_sorted(path: Path) -> None:
    loads = [arguments.split() for name, arguments in tags(path) if name == "load"]

    assert len([names for names in loads if "from" not in names]) <= 1
    assert [names for names in loads if "from" not in names and names != sorted(names)] == []


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=relative)
def test_template_names_its_endblocks(path: Path) -> None:
    """As djade has it: a block of several lines is closed by name, one on a single line is not."""
    text = source(path)
    opened: list[tuple[str, int]] = []
    wrong: list[tuple[str, str]] = []
    for tag in TAG.finditer(text):
        line = text.count("\n", 0, tag.start())
        if tag[1] == "block":
            opened.append((tag[2], line))
        elif tag[1] == "endblock":
            name, opened_at = opened.pop()
            if tag[2] != ("" if line == opened_at else name):
                wrong.append((name, tag[2]))

    assert wrong == []


def test_components_are_used_beyond_their_own_file() -> None:
    used = {
        name
        for path in ALL_TEMPLATES
        for name in COMPONENT_NAME.findall(source(path))
        if name != relative(path)
    }
    components = {relative(path) for path in COMPONENTS.rglob("*.html")}

    assert used - components == set()
    assert components - used == {"components/guide.html"}


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=relative)
def test_components_are_included_with_only(path: Path) -> None:
    includes = [arguments for name, arguments in tags(path) if name == "include"]

    assert [
        arguments
        for arguments in includes
        if '"components/' in arguments and not arguments.endswith(" only")
    ] == []


@pytest.mark.parametrize(
    "path", [path for path in COMPONENTS.rglob("*.html") if path.name != "guide.html"], ids=relative
)
def test_component_documents_its_parameters(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{% comment %}\n")


@pytest.fixture(scope="module")
def refresh() -> ModuleType:
    spec = spec_from_file_location("vendor_refresh", VENDOR / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_vendored_files_match_their_lock(refresh: ModuleType) -> None:
    assert refresh.verify() == []


def test_vendored_files_altered_or_strange_are_named(
    refresh: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thing-1").mkdir()
    (tmp_path / "thing-1" / "altered.js").write_text("changed")
    (tmp_path / "thing-1" / "strange.js").write_text("who put me here")
    (tmp_path / "lock.json").write_text(
        '{"packages": [{"folder": "thing-1", "files": {"altered.js": "00", "gone.js": "00"}}]}'
    )
    monkeypatch.setattr(refresh, "VENDOR_DIR", tmp_path)
    monkeypatch.setattr(refresh, "LOCK_FILE", tmp_path / "lock.json")

    assert refresh.verify() == [
        "missing: thing-1/gone.js",
        "not in the lock: thing-1/strange.js",
        "altered: thing-1/altered.js",
    ]


def icon_names(text: str) -> Iterator[str]:
    yield from re.findall(r'{%\s*icon "([\w-]+)"', text)
    yield from re.findall(r'icon_name="([\w-]+)"', text)


def test_icons_named_in_templates_exist(refresh: ModuleType) -> None:
    named = {name for path in ALL_TEMPLATES for name in icon_names(source(path))}

    assert named - set(refresh.ICONS) == set()


def test_icons_of_tones_and_states_exist(refresh: ModuleType) -> None:
    named = set(portal_ui.TONE_ICONS.values())
    named |= {icon for _, icon, _ in portal_ui.MOVEMENTS.values()}
    named |= {icon for _, icon, _ in portal_ui.CELL_STATES.values()}

    assert named - set(refresh.ICONS) == set()
    assert (ROOT / "static" / portal_ui.ICON_SPRITE).is_file()


class EvidenceForm(forms.Form):
    title = forms.CharField(label="平台名称", help_text="与批准文件一致，不用简称。")
    level = forms.ChoiceField(
        label="级别", choices=[("", "请选择"), ("n", "国家级"), ("p", "省级"), ("c", "市级")]
    )
    number = forms.CharField(label="批准文号", required=False, help_text="如 冀科平〔2024〕1号")
    attachment = forms.FileField(label="佐证文件", help_text="PDF 或图片，不超过 20 MB。")
    is_current = forms.BooleanField(label="仍在有效期内", required=False)
    kind = forms.ChoiceField(
        label="机构设置",
        choices=[("4", "独立设置"), ("2", "合署办公"), ("1", "加挂牌子")],
        widget=forms.RadioSelect,
    )

    def clean(self) -> None:
        raise forms.ValidationError("同一平台已作为“省级重点实验室”登记，不能重复计分。")


class ListFilterForm(forms.Form):
    name = forms.CharField(label="名称", required=False)
    city = forms.ChoiceField(
        label="设区市", required=False, choices=[("", "全部"), ("1", "承德市"), ("2", "廊坊市")]
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("r", "已退回"), ("s", "待审核")]
    )


def guide_context() -> dict[str, object]:
    """Sample context of components/guide.html; nothing here comes from a database."""
    now = timezone.now()
    return {
        "portal": {
            "site_name": "县域科技创新管理平台",
            "province_name": "河北省",
            "host_unit": "河北省科学技术厅",
            "icp_number": "冀ICP备00000000号",
            "site_code": "1300000000",
        },
        "is_demonstration": True,
        "navigation": [
            {"label": "工作台", "url": "/", "current": False, "badge": None},
            {"label": "填报审核", "url": "#a", "current": True, "badge": 9},
            {"label": "指标体系", "url": "#b", "current": False, "badge": None},
            {"label": "评价运行", "url": "#c", "current": False, "badge": None},
            {"label": "名单公布", "url": "#d", "current": False, "badge": 1},
            {"label": "成绩单", "url": "#e", "current": False, "badge": None},
        ],
        "breadcrumbs": [("工作台", "/"), ("2024 年度采集", "#c"), ("围场满族蒙古族自治县", None)],
        "error_code": "SUBMISSION_INCOMPLETE",
        "sample": sample_parts(now),
    }


def bare_backend() -> DjangoTemplates:
    """The templates without the portal's context processor, which would ask the database."""
    processors = ["django.template.context_processors.request"]
    options = {"context_processors": processors, "builtins": Engine.get_default().builtins}
    return DjangoTemplates(
        {"NAME": "bare", "DIRS": [TEMPLATES], "APP_DIRS": True, "OPTIONS": options}
    )


def guide_reader() -> Any:
    """Whoever is signed in while looking at the guide."""
    return SimpleNamespace(
        is_authenticated=True,
        display_name="斯琴高娃",
        get_role_display="市级审核员",
        office_name="承德市科学技术局",
    )


def sample_parts(now: datetime) -> dict[str, object]:
    return {
        "since": now - timedelta(days=3),
        "until": timezone.localdate() + timedelta(days=5),
        "passed": timezone.localdate() - timedelta(days=2),
        "moment": datetime(2020, 4, 29, 6, 3, tzinfo=UTC),
        "mean": Decimal("61.07"),
        "gain": Decimal("1.44"),
        "ratio": Decimal("3.0075"),
        "money": Decimal("7351.20"),
        "parts": [("A", 32), ("B", 66), ("C", 69)],
        "points": [
            ("2018", Decimal("52.64")),
            ("2019", Decimal("61.33")),
            ("2020", None),
            ("2021", Decimal("73.95")),
            ("2022", Decimal("80.10")),
        ],
        "postponements": [
            {
                "at": now,
                "moves_county": True,
                "county_due_from": timezone.localdate(),
                "county_due_to": timezone.localdate() + timedelta(days=10),
                "moves_city": False,
                "reason": "汛期受灾，按冀科区函〔2026〕9号延期。",
            }
        ],
        "limits": [("A类80分", Decimal(80)), ("B类60分", Decimal(60))],
        "cell_states": ["empty", "saved", "warned", "failed", "commented", "locked"],
        "chips": [
            {"label": "全部", "url": "#1", "count": 17, "current": True},
            {"label": "未填", "url": "#2", "count": 3, "current": False},
            {"label": "有误", "url": "#3", "count": 1, "current": False, "tone": "danger"},
            {"label": "有提示", "url": "#4", "count": 2, "current": False, "tone": "warning"},
            {"label": "被退回", "url": "#5", "count": 0, "current": False},
        ],
        "list_chips": [
            {"label": "待我审核", "url": "#6", "count": 9, "current": True},
            {"label": "退回超3天", "url": "#7", "count": 2, "current": False, "tone": "danger"},
            {"label": "全部", "url": "#8", "count": 167, "current": False},
        ],
        "steps": [
            {"label": "县级填报", "state": "done", "note": "11月3日提交"},
            {"label": "市级审核", "state": "current", "note": "承德市科学技术局"},
            {"label": "省级接收", "state": "todo"},
            {"label": "纳入评价", "state": "todo"},
        ],
        "history": [
            {
                "action": "重新提交",
                "actor": "张建国",
                "office": "围场满族蒙古族自治县科学技术局",
                "at": now - timedelta(days=3),
                "comment": "已补充省级科技特派员工作站批复文件。",
                "tone": "info",
            },
            {
                "action": "退回",
                "actor": "李敏",
                "office": "承德市科学技术局",
                "at": now - timedelta(days=6),
                "comment": "第 12 项缺少批准文号；第 3 项与统计年鉴不一致，请核对。",
                "tone": "danger",
            },
            {
                "action": "提交",
                "actor": "张建国",
                "office": "围场满族蒙古族自治县科学技术局",
                "at": now - timedelta(days=9),
                "comment": "",
                "tone": "info",
            },
        ],
        "form": EvidenceForm({"title": "", "level": "", "number": "冀科平〔2024〕1号"}),
        "filter_form": ListFilterForm({"city": "1"}),
        "counts": [("指标", 17), ("已填", 16), ("缺报", 1), ("佐证文件", 23)],
        "consequences": [
            "提交后由承德市科学技术局审核，县级不能再修改，除非被退回。",
            "1 项缺报指标按规定不计分，已附说明。",
        ],
        "hidden": [("version", "7")],
        "rows": [
            sample_row("围场满族蒙古族自治县 待审核 info 58.67 C same"),
            sample_row("霸州市 已接收 success 73.95 B rise"),
            sample_row("井陉矿区 已退回 danger - - none"),
            sample_row("辛集市 填报中 neutral 80.00 A fall"),
        ],
        "page": Paginator(range(167), 10).get_page(3),
        "heat": [
            {"name": "围场满族蒙古族自治县", "cells": heat_cells((0, 3, 0, 1, None))},
            {"name": "宽城满族自治县", "cells": heat_cells((2, 0, 4, 0, 0))},
            {"name": "平泉市", "cells": heat_cells((0, 0, 0, 0, 1))},
        ],
        "groups": [
            {
                "name": "石家庄市",
                "tiles": tiles("长安区A 桥西区A 新华区A 井陉矿区C 裕华区A 藁城区B"),
            },
            {
                "name": "承德市",
                "tiles": tiles("围场满族蒙古族自治县C 丰宁满族自治县B 平泉市B 隆化县-"),
            },
            {"name": "省直管", "tiles": tiles("辛集市A 定州市B")},
            {"name": "雄安新区", "tiles": tiles("容城县B 安新县C 雄县B")},
        ],
    }


def sample_row(written: str) -> dict[str, object]:
    """Read one row of the sample table: name, state, tone, total, letter, movement."""
    name, state, tone, total, letter, movement = written.split()
    return {
        "name": name,
        "office": "承德市科学技术局",
        "state": state,
        "tone": tone,
        "total": None if total == "-" else Decimal(total),
        "letter": letter.strip("-"),
        "movement": movement,
    }


def heat_cells(levels: tuple[int | None, ...]) -> list[dict[str, object]]:
    words = {1: "有批注", 2: "比上年增长 60%", 3: "比上年增长 229%", 4: "影响分档"}
    return [
        {
            "value": None if level is None else Decimal("12.50") + index,
            "level": level or 0,
            "words": words.get(level or 0, ""),
            "url": "#cell" if level else "",
        }
        for index, level in enumerate(levels)
    ]


def tiles(names: str) -> list[dict[str, object]]:
    return [
        {"name": item[:-1], "letter": item[-1].strip("-"), "url": "#tile", "note": "61.33 分"}
        for item in names.split()
    ]


@pytest.fixture
def plain_static(settings) -> None:
    """Static addresses without a manifest, which only `collectstatic` writes."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.mark.usefixtures("plain_static")
def test_guide_renders_every_component_without_inline_parts() -> None:
    request = RequestFactory().get("/guide/")
    request.user = guide_reader()

    html = bare_backend().get_template("components/guide.html").render(guide_context(), request)

    assert inline_parts(html) == []
    assert 'name="csrfmiddlewaretoken"' in html
    assert "斯琴高娃" in html
    assert "围场满族蒙古族自治县" in html


def test_guide_shows_every_component() -> None:
    shown: set[str] = set()
    fresh = {"base.html", "components/guide.html"}
    while fresh:
        shown |= fresh
        reached = {
            name for path in fresh for name in COMPONENT_NAME.findall(source(TEMPLATES / path))
        }
        fresh = reached - shown

    missing = {relative(path) for path in COMPONENTS.rglob("*.html")} - shown
    assert missing == {"components/error_page.html"}


@pytest.mark.usefixtures("plain_static")
@pytest.mark.parametrize("name", [*ERROR_PAGES, "403_csrf.html", "base_public.html"])
def test_error_pages_render_without_any_context(name: str) -> None:
    html = render_to_string(name)

    assert inline_parts(html) == []
    assert "县域科技创新管理平台" in html
    assert html.count("<h1>") == 1


@pytest.mark.usefixtures("plain_static")
def test_error_page_shows_the_sentence_code_and_remedy_given() -> None:
    context = {"sentence": "名单已公布。", "remedy": "请走更正程序。", "error_code": "LIST_FROZEN"}

    html = render_to_string("errors/409.html", context)

    assert '<meta name="error-code" content="LIST_FROZEN">' in html
    assert "名单已公布。" in html
    assert "请走更正程序。" in html
    assert "<code>LIST_FROZEN</code>" in html
