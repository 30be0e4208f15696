"""What a county's people type into an application: the same acts as the form's, section by section."""

from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.actions.basics import BasicInput, save_basics, take_over
from applications.actions.document import DocumentInput, record_document
from applications.actions.plans import save_task, save_text
from applications.actions.rows import (
    OwnRowInput,
    RowEvidenceInput,
    add_own_row,
    add_row_evidence,
)
from applications.actions.table import FigureInput, LineInput, save_table
from applications.enums import Section
from applications.models import Application
from applications.rules.plan import WRITTEN
from applications.selectors.basics import differing_meanings
from applications.selectors.materials import basics_meanings, list_gaps
from county_portal.common import clock
from county_portal.common.numbers import plain
from county_portal.demo.approvals import PAGE, shared_scan
from county_portal.demo.programme.figures import Line, Story
from county_portal.demo.programme.setting import Setting
from county_portal.demo.programme.words import load_words, plan_tasks, plan_text, said
from indicators.enums import IndicatorKind
from indicators.models import FactMeaning

_DOCUMENT = "县（市、区）人民政府申报文件（扫描件）.pdf"


def write_materials(setting: Setting, application: Application) -> None:
    """Every section: the county's document, the basics and the table that comes of them, the plan."""
    write_document(setting, application)
    write_basics(setting, application)
    write_table(setting, application)
    prove_words(setting, application)
    write_plan(setting, application)
    give_reasons(setting, application)
    application.refresh_from_db()


def write_document(setting: Setting, application: Application) -> None:
    """县政府申报文件."""
    name, today = application.region.name, clock.today()
    serial = 10 + int(application.region.code) % 40
    record_document(
        actor=setting.cast.filler(application),
        application_id=application.public_id,
        revision=None,
        document=DocumentInput(
            title=f"{name}人民政府关于申报创新型县（市、区）试点的请示",
            document_number=f"{name[0]}政〔{today.year}〕{serial}号",
            issued_on=today,
            scan=shared_scan(_DOCUMENT),
        ),
    )


def write_basics(setting: Setting, application: Application) -> None:
    """基本情况表, and 上年数值 of the table taken over from it."""
    actor, story = setting.cast.filler(application), setting.story(application.region)
    year = application.round.last_year
    meanings = FactMeaning.objects.filter(pk__in=basics_meanings(setting.indicators))
    numbers = {each.code: story.fact(each.code, year) for each in meanings}
    lines = {code: BasicInput(plain(number), number) for code, number in numbers.items()}
    save_basics(actor=actor, application_id=application.public_id, revision=None, lines=lines)
    differing = differing_meanings(application)
    if differing:
        note = said("reasons", "basics")
        save_basics(
            actor=actor,
            application_id=application.public_id,
            revision=None,
            lines={
                each.code: BasicInput(lines[each.code].text, lines[each.code].number, note=note)
                for each in meanings
                if each.pk in differing
            },
        )
    take_over(actor=actor, application_id=application.public_id, revision=None)


def write_table(setting: Setting, application: Application) -> None:
    """Targets, the ten ★, the words of what is judged in words, and a row of the county's own."""
    actor, own = setting.cast.filler(application), setting.own_words(application.region)
    row = add_own_row(
        actor=actor,
        application_id=application.public_id,
        own=OwnRowInput(own["name"], own["unit"], own["definition"]),
    )
    lines = table_lines(setting, application)
    line, last = setting.own_line(application.region), application.round.last_year
    story = setting.story(application.region)
    number = story.measured(line, last).number
    figures = {last: FigureInput(plain(number), number), **_targets(story, application, line)}
    lines[row.order] = LineInput(figures)
    save_table(actor=actor, application_id=application.public_id, revision=None, lines=lines)


def table_lines(setting: Setting, application: Application) -> dict[int, LineInput]:
    """The given rows, by order."""
    story, starred = setting.story(application.region), setting.starred(application.region)
    lines = {}
    for indicator in setting.indicators:
        if indicator.kind == IndicatorKind.QUALITATIVE:
            words = said("qualitative", indicator.code, "words")
            lines[indicator.order] = LineInput(
                {}, words=words.format(year=application.round.last_year)
            )
        else:
            figures = _targets(story, application, setting.lines[indicator.code])
            lines[indicator.order] = LineInput(figures, is_starred=indicator.code in starred)
    return lines


def _targets(story: Story, application: Application, line: Line) -> dict[int, FigureInput]:
    year = application.round.year
    numbers = {each: story.target(line, year, each) for each in application.round.target_years}
    return {each: FigureInput(plain(number), number) for each, number in numbers.items()}


def prove_words(setting: Setting, application: Application) -> None:
    """Files beside the rows that are judged in words."""
    proofs: Mapping[str, Mapping[str, str]] = load_words()["qualitative"]
    for indicator in setting.indicators:
        if indicator.code in proofs:
            name = proofs[indicator.code]["evidence"]
            upload = SimpleUploadedFile(f"{name}.pdf", PAGE, "application/pdf")
            add_row_evidence(
                actor=setting.cast.filler(application),
                application_id=application.public_id,
                order=indicator.order,
                evidence=RowEvidenceInput(name, "", upload),
            )


def write_plan(setting: Setting, application: Application) -> None:
    """实施方案: five written sections, and the key tasks that make the schedule."""
    actor = setting.cast.filler(application)
    character = setting.character(application.region)
    fields = {
        "name": application.region.name,
        "prefecture": application.region.parent.name if application.region.parent else "",
        "end": application.round.target_years[-1],
    }
    for section in WRITTEN:
        save_text(
            actor=actor,
            application_id=application.public_id,
            section=section,
            revision=None,
            text=plan_text(character, section, fields),
        )
    for task in plan_tasks(character, application.round.year):
        save_task(actor=actor, application_id=application.public_id, seen=None, task=task)


def give_reasons(setting: Setting, application: Application) -> None:
    """Why a target leaves what the past makes plausible, wherever the list of gaps asks it."""
    gaps = [gap for gap in list_gaps(application) if gap.section == Section.TABLE]
    asked = {int(gap.place.rpartition("-")[2]) for gap in gaps if gap.place.startswith("row-")}
    if not asked:
        return
    reason = said("reasons", "table")
    rows = application.rows.filter(order__in=asked)
    lines = {row.order: LineInput({}, row.is_starred, row.words, reason) for row in rows}
    save_table(
        actor=setting.cast.filler(application),
        application_id=application.public_id,
        revision=None,
        lines=lines,
    )
