"""An application as its county works on it: begun, its document, finished, approved, handed in, taken back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.actions.guidance import write_guidance
from applications.actions.moving import Move, Wanted, move_application
from applications.actions.rounds import close_round
from applications.enums import ApplicationAction, ApplicationState, RoundState, Section
from applications.models import Application, GovernmentDocument, PilotRound
from applications.selectors.letters import valid_letter
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.notices.models import Notice
from tests.factories.people import signed_in
from tests.factories.pilots import (
    admitted,
    apply_to,
    begin,
    bring_to,
    make_pilot,
    open_a_round,
    published_pilots,
    write_everything,
)
from tests.files.samples import PDF

S = ApplicationState


@pytest.fixture
def application(call, people):
    return begin(people.filler, call)


@pytest.fixture
def filler(people):
    return signed_in(people.filler)


@pytest.fixture
def lead(people):
    return signed_in(people.lead)


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.public_id, *more])


def scan(name="申报文件.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def document(application, **changed):
    data = {
        "title": "霸州市人民政府关于申报创新型县（市、区）试点的请示",
        "document_number": "霸政字[2026] 8号",
        "issued_on": clock.today().isoformat(),
        "file": scan(),
        "revision": 0,
    }
    return {**data, **changed}


def error_code(response):
    found = response.context["error_code"]
    assert f'content="{found}"' in response.content.decode()
    return found


# --- beginning -----------------------------------------------------------------------------------


def test_a_county_begins_once(call, people, filler):
    address = reverse("applications:begin", args=[call.public_id])
    assert "开始编制廊坊市霸州市的申报材料" in filler.get(address).content.decode()

    answer = filler.post(address)

    application = Application.objects.get()
    assert answer.url == url("application", application)
    assert (application.region.name, application.state) == ("霸州市", S.DRAFT)
    again = filler.post(address)
    assert (again.status_code, error_code(again)) == (409, "application_begun")
    assert Application.objects.count() == 1


def test_nothing_begins_after_the_close(call, people, filler):
    close_round(actor=people.manager, round_id=call.public_id)

    answer = filler.post(reverse("applications:begin", args=[call.public_id]))

    assert (answer.status_code, error_code(answer)) == (409, "round_closed")
    assert not Application.objects.exists()


def test_nothing_begins_before_the_day_the_round_names(people, province, filler):
    tomorrow = clock.today() + timedelta(days=1)
    announced = open_a_round(people.manager, opens_on=tomorrow)

    answer = filler.post(reverse("applications:begin", args=[announced.public_id]))

    assert (answer.status_code, error_code(answer)) == (409, "round_not_begun")
    assert not Application.objects.exists()


def test_a_pilot_does_not_begin_again_before_its_end(call, people, province, filler):
    make_pilot(people.manager, province.bureaus["bazhou"], call=call)
    later = open_a_round(people.manager, title="下一批次试点")

    answer = filler.post(reverse("applications:begin", args=[later.public_id]))

    assert (answer.status_code, error_code(answer)) == (409, "already_pilot")
    assert not later.applications.exists()


def test_the_lead_does_not_begin(call, lead):
    assert lead.post(reverse("applications:begin", args=[call.public_id])).status_code == 403


# --- the overview --------------------------------------------------------------------------------


def test_overview_lists_every_part_and_leads_to_every_gap(application, filler):
    page = filler.get(url("application", application))

    words = page.content.decode()
    assert all(section.label in words for section in Section)
    assert page.context["gaps"]
    for gap in page.context["gaps"]:
        assert f"{url('section', application, gap.section)}#{gap.place}" in words


def test_overview_reads_a_whole_application_at_a_constant_number_of_queries(
    application, people, filler, django_assert_num_queries
):
    write_everything(application, people.filler)
    filler.get(url("application", application))  # the catalogue is read once by each process

    with django_assert_num_queries(27):
        page = filler.get(url("application", application))

    assert page.context["gaps"] == []
    assert "已填写完整" in page.content.decode()


def test_an_application_elsewhere_is_not_found(application, people):
    for stranger in (people.changan_lead, people.shijiazhuang_reviewer):
        assert signed_in(stranger).get(url("application", application)).status_code == 404


def test_overview_shows_what_a_return_asks_for_and_what_the_city_remarked(call, people, province):
    application = apply_to(call, province.bureaus["bazhou"], S.CITY_REVIEW)
    wanted = [Wanted(Section.TABLE, "请核对第19行的目标。", 19)]
    move = Move(
        ApplicationAction.RETURN,
        comment="目标与基础不符。",
        wanted=wanted,
        due_on=clock.today() + timedelta(days=9),
    )
    move_application(actor=people.reviewer, application_id=application.public_id, move=move)
    write_guidance(
        actor=people.reviewer,
        application_id=application.public_id,
        section=Section.GOALS,
        text="目标要与指标表一致。",
    )

    words = signed_in(people.filler).get(url("application", application)).content.decode()

    assert "请核对第19行的目标。" in words
    assert "目标要与指标表一致。" in words


# --- the county government's document --------------------------------------------------------------


def test_document_is_recorded_with_its_number_made_standard(application, filler):
    answer = filler.post(url("document_edit", application), document(application))

    assert answer.url == url("application", application)
    row = GovernmentDocument.objects.get()
    assert row.document_number == "霸政字〔2026〕8号"
    page = filler.get(url("application", application))
    part = next(each for each in page.context["sections"] if each.section == Section.DOCUMENT)
    assert part.is_complete
    assert part.mark.saved_by.display_name == "王填报"
    assert filler.get(url("document_file", application)).getvalue() == PDF


def test_replacing_the_document_keeps_both_in_the_audit_and_the_old_scan(application, filler):
    filler.post(url("document_edit", application), document(application))
    kept = GovernmentDocument.objects.get().file

    filler.post(
        url("document_edit", application),
        document(application, document_number="霸政字〔2026〕9号", file="", revision=1),
    )

    row = GovernmentDocument.objects.get()
    assert (row.document_number, row.file) == ("霸政字〔2026〕9号", kept)
    detail = Event.objects.filter(act="record_government_document").latest("serial").detail
    assert detail["before"]["document_number"] == "霸政字〔2026〕8号"
    assert detail["after"]["document_number"] == "霸政字〔2026〕9号"


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"document_number": "　"}, "document_number"),
        ({"file": ""}, "file"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "file"),
        ({"issued_on": (clock.today() + timedelta(days=1)).isoformat()}, "issued_on"),
        ({"issued_on": "2016-01-01"}, "issued_on"),
        ({"issued_on": "昨天"}, "issued_on"),
    ],
)
def test_a_faulty_document_changes_nothing(application, filler, changed, field):
    answer = filler.post(url("document_edit", application), document(application, **changed))

    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not GovernmentDocument.objects.exists()
    assert not Event.objects.filter(act="record_government_document").exists()


def test_a_stale_page_does_not_write_over_a_colleague(application, filler):
    filler.post(url("document_edit", application), document(application))

    late = document(application, title="另一份请示", revision=0)
    answer = filler.post(url("document_edit", application), late)

    assert (answer.status_code, error_code(answer)) == (409, "section_changed")
    assert GovernmentDocument.objects.get().title != "另一份请示"
    assert "另一份请示" in answer.content.decode()


def test_who_reads_does_not_record(application, people, lead):
    assert lead.get(url("document", application)).status_code == 200
    assert lead.post(url("document_edit", application), document(application)).status_code == 403


# --- the steps -----------------------------------------------------------------------------------


def revision(application):
    application.refresh_from_db()
    return {"revision": application.revision}


def approval(application, **changed):
    data = {
        "meeting": "县政府第12次常务会议",
        "met_on": clock.today().isoformat(),
        "document_number": "霸政纪（2026）5号",
        "file": scan("会议纪要.pdf"),
        **revision(application),
    }
    return {**data, **changed}


def test_the_whole_way_to_the_city_through_pages(application, people, filler, lead):
    write_everything(application, people.filler)

    finished = filler.post(url("finish", application), revision(application))
    assert finished.url == url("application", application)
    assert Notice.objects.filter(recipient=people.lead, kind="application_finish").exists()
    lead.post(url("approve_county", application), approval(application))
    page = lead.get(url("submit", application))
    assert "霸政纪〔2026〕5号" in page.content.decode()
    assert "廊坊市科学技术局" in page.context["mail"]
    lead.post(url("submit", application), revision(application))

    application.refresh_from_db()
    assert application.state == S.SUBMITTED
    assert Notice.objects.filter(recipient=people.reviewer, kind="application_submit").exists()
    lead.post(url("recall", application), revision(application))
    application.refresh_from_db()
    assert application.state == S.READY
    filler.post(url("resume", application), revision(application))
    application.refresh_from_db()
    assert application.state == S.DRAFT


def test_the_governments_document_may_follow_its_meeting_but_not_the_approval(
    application, people, filler, lead
):
    write_everything(application, people.filler)
    GovernmentDocument.objects.all().delete()
    filler.post(url("finish", application), revision(application))
    application.refresh_from_db()
    assert application.state == S.GOVERNMENT

    answer = lead.post(url("approve_county", application), approval(application))

    assert answer.status_code == 422
    assert "还没有登记县（市、区）人民政府的申报文件" in answer.content.decode()
    application.refresh_from_db()
    assert application.state == S.GOVERNMENT
    edit = filler.get(url("section", application, Section.DOCUMENT))
    assert edit.url == url("document_edit", application)
    assert filler.get(url("section", application, Section.TABLE)).url == url("table", application)
    filler.post(url("document_edit", application), document(application))
    lead.post(url("approve_county", application), approval(application))
    lead.post(url("submit", application), revision(application))
    application.refresh_from_db()
    assert application.state == S.SUBMITTED
    assert (
        filler.post(
            url("document_edit", application), document(application, revision=1)
        ).status_code
        == 409
    )


def test_what_is_incomplete_is_not_finished(application, filler):
    page = filler.get(url("finish", application))
    assert page.context["gaps"]
    assert "确认定稿" not in page.content.decode().partition("<main")[2].partition("</h1>")[2]

    answer = filler.post(url("finish", application), revision(application))

    assert (answer.status_code, error_code(answer)) == (422, "application_incomplete")
    application.refresh_from_db()
    assert application.state == S.DRAFT


def test_nothing_is_finished_on_a_stale_page(application, people, filler):
    write_everything(application, people.filler)
    seen = revision(application)
    Application.objects.update(revision=seen["revision"] + 1)

    answer = filler.post(url("finish", application), seen)

    assert (answer.status_code, error_code(answer)) == (409, "content_changed")
    assert filler.post(url("finish", application)).status_code == 409


def test_an_approval_typed_while_the_document_was_recorded_is_sent_once_more(
    call, people, province, lead
):
    application = apply_to(call, province.bureaus["bazhou"], S.GOVERNMENT)
    Application.objects.update(revision=7)

    answer = lead.post(url("approve_county", application), approval(application, revision=6))

    assert (answer.status_code, error_code(answer)) == (409, "content_changed")
    form = answer.context["form"]
    assert form["meeting"].value() == "县政府第12次常务会议"
    again = approval(application, revision=form["revision"].value())
    assert lead.post(url("approve_county", application), again).status_code == 302


def test_after_the_close_nothing_is_finished_approved_or_handed_in(call, people, province, lead):
    application = apply_to(call, province.bureaus["bazhou"], S.GOVERNMENT)
    close_round(actor=people.manager, round_id=call.public_id)

    answer = lead.post(url("approve_county", application), approval(application))

    assert (answer.status_code, error_code(answer)) == (409, "round_closed")
    assert error_code(signed_in(people.filler).get(url("resume", application))) == "round_closed"


def test_a_county_abolished_meanwhile_hands_nothing_in(call, people, province, lead):
    application = apply_to(call, province.bureaus["bazhou"], S.READY)
    region = application.region
    region.valid_to, region.successor = clock.today(), province.counties["changan"]
    region.save()

    answer = lead.post(url("submit", application), revision(application))

    assert (answer.status_code, error_code(answer)) == (409, "region_ended")
    application.refresh_from_db()
    assert application.state == S.READY


def test_the_approval_of_other_content_does_not_go_to_the_city(call, people, province, lead):
    application = apply_to(call, province.bureaus["bazhou"], S.READY)
    GovernmentDocument.objects.update(title="改动过的请示")

    answer = lead.post(url("submit", application), revision(application))

    assert (answer.status_code, error_code(answer)) == (409, "approval_outdated")


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"meeting": " "}, "meeting"),
        ({"document_number": ""}, "document_number"),
        ({"met_on": (clock.today() + timedelta(days=1)).isoformat()}, "met_on"),
        ({"met_on": (clock.today() - timedelta(days=99)).isoformat()}, "met_on"),
        ({"file": ""}, "file"),
    ],
)
def test_a_faulty_approval_changes_nothing(call, province, lead, changed, field):
    application = apply_to(call, province.bureaus["bazhou"], S.GOVERNMENT)

    answer = lead.post(url("approve_county", application), approval(application, **changed))

    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    application.refresh_from_db()
    assert application.state == S.GOVERNMENT
    assert not hasattr(application, "county_approval")


def test_one_finishes_and_another_hands_in(call, people, province, filler, lead):
    application = apply_to(call, province.bureaus["bazhou"], S.DRAFT)
    assert lead.post(url("finish", application), revision(application)).status_code == 403
    write_everything(application, people.filler)
    bring_to(application, S.GOVERNMENT)

    assert filler.get(url("approve_county", application)).status_code == 403
    assert filler.post(url("submit", application), revision(application)).status_code == 403


def test_accepted_materials_are_not_taken_back(call, province, lead):
    application = apply_to(call, province.bureaus["bazhou"], S.CITY_REVIEW)

    answer = lead.post(url("recall", application), revision(application))

    assert (answer.status_code, error_code(answer)) == (409, "stale_state")


def test_the_county_reads_how_it_ended_and_why(people, call, province, lead):
    application = admitted(call, province.bureaus["bazhou"])
    page = lead.get(url("application", application)).content.decode()
    assert "结果和理由" not in page
    assert f"推荐函：{valid_letter(application).number}" in page

    published_pilots(call, [admitted(call, province.bureaus["changan"])], [application])

    page = lead.get(url("application", application)).content.decode()
    assert "结果和理由" in page
    assert "统筹区域布局，综合评审情况。" in page.split("结果和理由")[1].split("</section>")[0]


def test_what_a_published_list_shut_out_waits_for_nobody(people, call, province, lead):
    application = apply_to(call, province.bureaus["bazhou"], S.SUBMITTED)
    PilotRound.objects.update(state=RoundState.DECIDED)

    page = lead.get(url("application", application)).content.decode()

    assert "没有推荐到省，不再办理" in page
    assert "廊坊市科学技术局受理" not in page
