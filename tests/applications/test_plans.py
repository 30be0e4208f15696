"""实施方案: written sections, key tasks with their steps, the picture of the schedule, a file in their place."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.actions.plans import (
    remove_plan_file,
    remove_task,
    save_task,
    save_text,
    upload_plan,
)
from applications.enums import PLAN_SECTIONS, ApplicationState, KeyTask, Section
from applications.rules.materials import Step, Task, digest_of
from applications.rules.plan import section_title
from applications.rules.schedule import draw_schedule
from applications.selectors.materials import list_gaps, read_materials
from applications.selectors.sections import list_sections
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.wording import renumbered
from tests.applications.pages import code, get, post, text, url
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, begin, write_everything

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def application(call, people):
    return begin(people.filler, call)


def write(people, application, words, section=Section.GOALS, revision=None, **options):
    return save_text(
        actor=people.filler,
        application_id=application.public_id,
        section=section,
        revision=revision,
        text=words,
        **options,
    )


def step(application, first=(0, 1, 1), last=(0, 12, 31), name="建立培育库"):
    year = application.round.year
    return Step(name, date(year + first[0], *first[1:]), date(year + last[0], *last[1:]))


def choose(people, application, *steps, units=("科技局",), seen=None, goal="翻一番。"):
    task = Task(KeyTask.ENTERPRISES, goal, list(units), list(steps))
    return save_task(
        actor=people.filler, application_id=application.public_id, seen=seen, task=task
    )


def codes(application):
    return [gap.code for gap in list_gaps(application)]


def test_each_blank_section_is_a_gap_until_it_is_written(application, people):
    assert codes(application).count("section_missing") == 5

    write(people, application, "到2028年，研发投入强度达到3%。")

    assert codes(application).count("section_missing") == 4
    write(people, application, "　\n")
    assert codes(application).count("section_missing") == 5


def test_headings_number_themselves(application, people):
    write(
        people,
        application,
        "一、总体目标\n到2028年翻一番。\n三、分年度目标\n1.一\n3.二",
        renumber=True,
    )

    assert application.texts.get().text == (
        "（一）总体目标\n到2028年翻一番。\n（二）分年度目标\n1.一\n2.二"
    )


@pytest.mark.parametrize(
    "typed, made",
    [
        ("（一）甲\n（一）乙", "（一）甲\n（二）乙"),
        ("（二）、甲\n１、乙\n正文\n1.丙", "（一）甲\n1.乙\n正文\n1.丙"),
        ("一、甲\n（一）乙\n二、丙\n（三）丁", "（一）甲\n1.乙\n（二）丙\n1.丁"),
        ("没有序号\n\n3.5亿元", "没有序号\n3.5亿元"),
    ],
)
def test_numbers_follow_each_other(typed, made):
    assert renumbered(typed, top=2) == made


def test_what_is_unchanged_counts_no_revision(application, people):
    write(people, application, "一。")
    write(people, application, "一。\n")

    assert application.marks.get(section=Section.GOALS).revision == 1
    assert Event.objects.filter(act="save_plan_text").count() == 1


def test_two_sections_do_not_hinder_each_other_one_does(application, people):
    write(people, application, "一。", revision=0)
    write(people, application, "二。", section=Section.APPROACH, revision=0)

    with pytest.raises(Stale) as refused:
        write(people, application, "三。", revision=0)

    assert refused.value.code == "section_changed"
    assert application.texts.get(section=Section.GOALS).text == "一。"


@pytest.mark.parametrize(
    "words, refusal",
    [("字" * 20_001, "text_too_long"), ("\u202e倒", "text_control_character"), ("【表：甲】", "table_unknown")],
)  # fmt: skip
def test_texts_that_cannot_be_kept(application, people, words, refusal):
    with pytest.raises(Invalid) as refused:
        write(people, application, words)

    assert refused.value.code == refusal
    assert not application.texts.exists()


def test_a_task_needs_units_and_steps_within_the_term(application, people):
    assert "tasks_missing" in codes(application)
    order = [gap.section for gap in list_gaps(application) if gap.section in PLAN_SECTIONS]
    assert order == sorted(order, key=PLAN_SECTIONS.index)
    parts = {part.section: part for part in list_sections(application, list_gaps(application))}
    assert not parts[Section.SCHEDULE].is_complete  # nothing to draw it from

    choose(people, application, units=())
    assert {"units_missing", "steps_missing"} <= set(codes(application))
    choose(people, application, step(application, last=(3, 1, 1)))
    [gap] = [gap for gap in list_gaps(application) if gap.code == "step_outside_term"]
    assert (gap.section, gap.place) == (Section.SCHEDULE, "task-04")
    year = application.round.year
    assert f"{year}年1月1日至{year + 2}年12月31日" in gap.sentence

    choose(people, application, step(application, last=(2, 12, 31)))
    assert not {"tasks_missing", "units_missing", "steps_missing", "step_outside_term"} & set(
        codes(application)
    )


def test_a_step_that_ends_before_it_begins_is_refused(application, people):
    with pytest.raises(Invalid) as refused:
        choose(people, application, step(application, first=(0, 5, 2), last=(0, 5, 1)))

    assert refused.value.code == "step_ends_before_it_begins"
    assert not application.tasks.exists()


def test_a_task_is_replaced_as_a_whole_and_taken_away(application, people):
    choose(people, application, step(application), step(application, (1, 1, 1), (1, 6, 30), "认定"))
    before = digest_of(read_materials(application))
    choose(people, application, step(application))

    assert [each.name for each in application.tasks.get().steps.all()] == ["建立培育库"]
    assert digest_of(read_materials(application)) != before

    remove_task(
        actor=people.filler,
        application_id=application.public_id,
        revision=2,
        kind=KeyTask.ENTERPRISES,
    )
    assert not application.tasks.exists()
    with pytest.raises(Stale):
        remove_task(
            actor=people.filler,
            application_id=application.public_id,
            revision=3,
            kind=KeyTask.ENTERPRISES,
        )


def test_the_picture_lies_on_the_axis_of_the_term(application, people):
    choose(
        people,
        application,
        step(application, (0, 1, 1), (2, 12, 31), "全程"),
        step(application, (2, 12, 31), (2, 12, 31), "末日"),
        step(application, (-1, 1, 1), (0, 1, 31), "提前"),
    )

    schedule = draw_schedule(read_materials(application))

    [lane] = schedule.lanes
    bars = {bar.step.name: bar for bar in lane.bars}
    assert (bars["全程"].left, bars["全程"].width) == (0, 100)
    assert (bars["末日"].left, bars["末日"].right) == (99, 100)
    assert (bars["提前"].left, bars["提前"].is_outside) == (0, True)
    assert bars["提前"].width < Decimal(4)
    assert len(schedule.years) == 3
    assert len(schedule.quarters) == 11


def upload(people, application, name="方案.pdf", content=PDF):
    return upload_plan(
        actor=people.filler,
        application_id=application.public_id,
        upload=SimpleUploadedFile(name, content),
    )


def test_a_file_stands_for_the_texts_but_not_for_tasks(application, people):
    upload(people, application)

    assert "section_missing" not in codes(application)
    assert "tasks_missing" in codes(application)
    remove_plan_file(actor=people.filler, application_id=application.public_id)
    assert codes(application).count("section_missing") == 5


@pytest.mark.parametrize(
    "name, content, refusal",
    [
        ("方案.pdf", b"", "file_empty"),
        ("方案.docx", PDF, "file_ending_belies_content"),
        ("方案.exe", b"MZ\x90", "file_type_not_accepted"),
        ("方案.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "plan_file_type"),
    ],
)
def test_files_that_are_no_plan(application, people, name, content, refusal):
    with pytest.raises(Invalid) as refused:
        upload(people, application, name, content)

    assert refused.value.code == refusal
    assert application.revision == 0


def test_pages_write_a_section(application, people):
    page = get(people.filler, "plan_section", application, "goals")
    assert "根据本地实际和特色确定建设发展目标" in text(page)

    answer = post(
        people.filler, "plan_section_save", application, "goals",
        revision=0, text="三、总体目标\r\n翻一番。", renumber="on",
    )  # fmt: skip
    assert answer.status_code == 302
    assert application.texts.get().text == "（一）总体目标\n翻一番。"

    answer = post(people.filler, "plan_section_save", application, "goals", revision=0, text="旧")
    assert (answer.status_code, code(answer)) == (409, "section_changed")
    # What was typed is not lost: it stands beside what was saved, and saved once more it is what counts.
    assert "旧</textarea>" in answer.content.decode()
    assert answer.context["theirs"] == "（一）总体目标\n翻一番。"
    seen = answer.context["form"]["revision"].value()
    assert (
        post(
            people.filler, "plan_section_save", application, "goals", revision=seen, text="旧"
        ).status_code
        == 302
    )
    assert application.texts.get().text == "旧"
    assert get(people.filler, "plan_section", application, "tasks").status_code == 302
    assert get(people.filler, "plan_section", application, "table").status_code == 404


def rows(*steps, total=3):
    data = {"steps-TOTAL_FORMS": total, "steps-INITIAL_FORMS": 0}
    for place, (name, first, last) in enumerate(steps):
        data |= {
            f"steps-{place}-name": name,
            f"steps-{place}-starts_on": first,
            f"steps-{place}-ends_on": last,
        }
    return data


def test_pages_work_a_task_out(application, people):
    year = application.round.year
    first = ("建立培育库", f"{year}-01-01", f"{year}-06-30")
    data = {"goal": "翻一番。", "units": "科技局、发改局\n科技局"} | rows(first)

    more = post(people.filler, "plan_task", application, "04", more=1, **data)
    assert more.status_code == 200
    assert not application.tasks.exists()
    assert 'name="steps-3-name"' in more.content.decode()
    assert 'value="建立培育库"' in more.content.decode()

    assert post(people.filler, "plan_task", application, "04", **data).status_code == 302
    task = application.tasks.get()
    assert (task.units, task.steps.count()) == (["科技局", "发改局"], 1)

    page = get(people.filler, "plan_task", application, "04")
    seen = page.context["form"].initial["seen"]
    gone = data | rows(first) | {"steps-0-DELETE": "on", "seen": seen}
    assert post(people.filler, "plan_task", application, "04", **gone).status_code == 302
    assert application.tasks.get().steps.count() == 0


def test_steps_are_pasted_from_a_table_beside_what_was_typed(application, people):
    year = application.round.year
    data = {"seen": "", "goal": "翻一番。", "units": "科技局"}
    typed = rows(("建立培育库", f"{year}-01-01", f"{year}-06-30"))
    pasted = f"序号\t工作内容\t开始\t完成\n1\t开展辅导\t{year}年7月\t{year}年9月\n2\t总结\t年底\t"

    page = post(
        people.filler, "plan_task", application, "04", more="paste", paste=pasted, **data, **typed
    )

    steps = page.context["steps"]
    assert [form["name"].value() for form in steps][:3] == ["建立培育库", "开展辅导", "总结"]
    assert steps[1]["ends_on"].value() == date(year, 9, 30)
    assert steps[2]["starts_on"].value() is None
    assert not application.tasks.exists()


def test_colleagues_work_out_different_tasks_at_once_and_the_same_one_in_turn(application, people):
    year = application.round.year
    data = {"seen": "", "goal": "翻一番。", "units": "科技局"} | rows()
    choose(people, application)
    other = {"seen": "", "goal": "引进人才。", "units": "人社局"} | rows()
    assert post(people.filler, "plan_task", application, "07", **other).status_code == 302

    step_row = rows(("建立培育库", f"{year}-01-01", f"{year}-06-30"))
    answer = post(
        people.filler, "plan_task", application, "04", **(data | step_row | {"goal": "我的。"})
    )

    assert (answer.status_code, code(answer)) == (409, "section_changed")
    words = answer.content.decode()
    assert answer.context["theirs"].goal == "翻一番。"
    assert "我的。</textarea>" in words
    assert 'value="建立培育库"' in words
    again = data | step_row | {"goal": "我的。", "seen": answer.context["form"]["seen"].value()}
    assert post(people.filler, "plan_task", application, "04", **again).status_code == 302
    assert application.tasks.get(kind="04").goal == "我的。"


@pytest.mark.parametrize(
    "step, said",
    [
        (("建立", "2026-06-30", "2026-01-01"), "完成日期早于开始日期"),
        (("建立", "", "2026-01-01"), "请选择日期"),
        (("", "2026-01-01", "2026-01-02"), "请填写工作内容"),
    ],
)
def test_a_step_that_is_not_whole_is_said_at_its_place(application, people, step, said):
    data = {"goal": "翻一番。", "units": "科技局"} | rows(step)

    answer = post(people.filler, "plan_task", application, "04", **data)

    assert answer.status_code == 422
    assert said in text(answer)
    assert not application.tasks.exists()


def test_who_may_not(application, people):
    assert get(people.reviewer, "plan", application).status_code == 200
    section = get(people.reviewer, "plan_section", application, "goals")
    assert (section.status_code, section.url.endswith("#goals")) == (302, True)
    assert post(people.reviewer, "plan_section_save", application, "goals").status_code == 403
    assert get(people.reviewer, "plan_task", application, "04").status_code == 403
    assert get(people.changan_lead, "plan", application).status_code == 404
    assert get(people.filler, "plan_task", application, "11").status_code == 404
    with pytest.raises(NotAllowed):
        save_text(
            actor=people.lead,
            application_id=application.public_id,
            section=Section.GOALS,
            revision=0,
            text="一",
        )


def test_finished_materials_stay_as_they_are(call, province, people):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.GOVERNMENT)

    for act in (
        lambda: write(people, application, "新"),
        lambda: choose(people, application),
        lambda: upload(people, application),
    ):
        with pytest.raises(Stale) as refused:
            act()
        assert refused.value.code == "not_editable"


def test_titles_number_the_sections():
    assert section_title(Section.OVERVIEW) == "一、区域概况"
    assert section_title(Section.SAFEGUARDS) == "七、保障措施"


def test_the_page_asks_the_same_whatever_is_written(application, people):
    client = signed_in(people.filler)
    address = url("plan", application)
    write_everything(application, people.filler)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for kind in (KeyTask.TALENT, KeyTask.POLICY, KeyTask.ECOLOGY):
        task = Task(kind, "目标", ["科技局"], [step(application)] * 3)
        save_task(actor=people.filler, application_id=application.public_id, seen=None, task=task)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)

    assert len(many) == len(one) <= 30
    assert text(page).count("建立培育库") >= 8
