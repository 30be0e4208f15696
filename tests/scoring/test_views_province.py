"""The province's pages: runs from start to results, lists from draft to correction."""

import io
import zipfile
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from county_portal.common import clock
from county_portal.documents.actions import files
from county_portal.documents.pdf import PdfUnavailable
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from indicators.enums import SubmissionAction
from scoring.actions.publishing import withdraw_draft
from scoring.enums import ListState, RunState
from scoring.models import GradingRun, PublishedList, Result
from tests.factories.people import signed_in
from tests.factories.sheets import draw_up, move, open_for_all, submission_of
from tests.scoring.acts import CODES, consented, draft, grade, hand_in, hand_in_all, publish, start
from tests.scoring.test_archive import tamper

REASON = "霸州市数据抄录有误，经复核更正。"


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


@pytest.fixture
def publisher(people):
    return signed_in(people.publisher)


def at(name, row, *more):
    return reverse(f"scoring:{name}", args=[row.public_id, *more])


def at_paper(name, row):
    return reverse(f"documents:{name}", args=[row.paper.public_id])


# Who comes in

RUN_PAGES = ["run", "run_progress", "run_archive", "run_workbook"]
LIST_PAGES = ["list", "list_progress"]


@pytest.mark.parametrize("name", RUN_PAGES)
def test_run_pages_by_role(people, run, name):
    answers = {
        person: signed_in(person).get(at(name, run)).status_code
        for person in (people.manager, people.checker, people.publisher)
    }
    refused = {
        person: signed_in(person).get(at(name, run)).status_code
        for person in (people.expert, people.lead, people.reviewer, people.system_admin)
    }

    assert set(answers.values()) == {200}
    assert set(refused.values()) == {403}


@pytest.mark.parametrize("name", LIST_PAGES)
def test_list_pages_by_role(people, published, name):
    assert signed_in(people.checker).get(at(name, published)).status_code == HTTPStatus.OK
    assert signed_in(people.lead).get(at(name, published)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "name", ["run", "run_archive", "run_verify", "list_draft", "list", "list_publish"]
)
def test_unknown_ids_are_not_found(people, db, name):
    url = reverse(f"scoring:{name}", args=[uuid4()])
    person = people.publisher if name == "list_publish" else people.manager
    ask = signed_in(person).post if name == "run_verify" else signed_in(person).get

    assert ask(url).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "name, allowed",
    [
        ("run_start", "manager"),
        ("list_draft", "manager"),
        ("list_consent", "manager"),
        ("list_withdraw", "manager"),
        ("list_publish", "publisher"),
    ],
)
def test_acts_are_refused_to_other_roles(people, drafted, name, allowed):
    subject = {"run_start": drafted.collection, "list_draft": drafted.run}.get(name, drafted)
    others = {"manager", "publisher", "checker", "expert", "lead", "auditor"} - {allowed}

    answers = {other: signed_in(getattr(people, other)).post(at(name, subject)) for other in others}

    assert {answer.status_code for answer in answers.values()} == {HTTPStatus.FORBIDDEN}
    drafted.refresh_from_db()
    assert (drafted.state, GradingRun.objects.count()) == (ListState.DRAFT, 1)


@pytest.mark.parametrize("name", ["runs", "lists"])
def test_lists_answer_no_post(manager, db, name):
    assert manager.post(reverse(f"scoring:{name}")).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_verification_answers_no_get(manager, run):
    assert manager.get(at("run_verify", run)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


# Runs


def test_runs_page_tells_what_may_be_graded(manager, people, collection, version, scheme):
    hand_in(people, collection, "131081")
    draw_up(people.manager, version, years_ago=3)

    page = manager.get(reverse("scoring:runs"))

    (row,) = page.context["gradable"]
    assert (row.collection, row.reviewed, row.unreviewed, row.runs) == (collection, 1, 3, 0)
    assert signed_in(people.checker).get(reverse("scoring:runs")).context["gradable"] == []


def test_start_page_lists_who_is_not_reviewed(manager, people, collection, scheme):
    hand_in(people, collection, "131081")

    page = manager.get(at("run_start", collection))

    assert [row.region.code for row in page.context["unreviewed"]] == ["130102", "130121", "130181"]
    assert "例外说明" in page.content.decode()


def test_start_page_asks_no_exception_when_all_are_reviewed(manager, reviewed, scheme):
    assert "exception_reason" not in manager.get(at("run_start", reviewed)).context["form"].fields


def test_starting_leads_to_the_run(manager, reviewed, scheme):
    page = manager.post(
        at("run_start", reviewed), {"scheme_version": scheme.public_id}, follow=True
    )

    run = GradingRun.objects.get()
    assert page.redirect_chain == [(at("run", run), 302)]
    assert "评价已开始" in page.content.decode()
    assert page.context["job"].running is True
    assert at("run_progress", run) in page.content.decode()


def test_starting_twice_leads_to_the_same_run_and_says_so(manager, people, reviewed, scheme):
    run = start(people, reviewed, scheme)

    page = manager.post(
        at("run_start", reviewed), {"scheme_version": scheme.public_id}, follow=True
    )

    assert page.redirect_chain == [(at("run", run), 302)]
    assert "没有重复开始" in page.content.decode()
    assert GradingRun.objects.count() == 1


def test_starting_without_the_exception_is_refused_in_the_form(manager, people, collection, scheme):
    hand_in(people, collection, "131081")

    page = manager.post(at("run_start", collection), {"scheme_version": scheme.public_id})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "尚未通过市级审核，不能开始评价" in page.content.decode()
    assert page.context["form"].errors.keys() == {"exception_reason"}


def test_county_reviewed_no_longer_while_the_form_was_open(manager, people, reviewed, scheme):
    """The reason has no field on this page yet: the sentence stands above the form."""
    move(people.manager, submission_of(reviewed, "130121"), SubmissionAction.SEND_BACK, "请核对。")
    page = manager.post(at("run_start", reviewed), {"scheme_version": scheme.public_id})

    assert "井陉县的填报表尚未通过市级审核" in page.content.decode()


@pytest.mark.parametrize("chosen", ["", "nonsense", "9d0f2f9e-6f0a-4b57-8a55-1f9f0c6f2c11"])
def test_starting_with_an_unknown_scheme_is_refused(manager, reviewed, scheme, chosen):
    page = manager.post(at("run_start", reviewed), {"scheme_version": chosen})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not GradingRun.objects.exists()


def test_collection_not_opened_cannot_be_started(manager, people, version):
    page = manager.get(at("run_start", draw_up(people.manager, version)))

    assert page.status_code == HTTPStatus.NOT_FOUND


def test_progress_asks_for_the_page_when_done(manager, people, reviewed, scheme):
    run = start(people, reviewed, scheme)
    running = manager.get(at("run_progress", run))

    runner.work(run.job_id)
    done = manager.get(at("run_progress", run))

    assert "HX-Refresh" not in running
    assert done["HX-Refresh"] == "true"
    assert "<html" not in running.content.decode()


def test_failed_run_says_why(manager, people, reviewed, scheme):
    run = start(people, reviewed, scheme)
    move(people.manager, submission_of(reviewed, "130121"), SubmissionAction.SEND_BACK, "请核对。")
    runner.work(run.job_id)

    page = manager.get(at("run", run))

    assert "石家庄市井陉县的填报表被退回" in page.content.decode()
    assert "summary" not in page.context


@pytest.mark.parametrize("name", ["run_archive", "run_workbook"])
def test_unfinished_run_has_nothing_to_download(manager, people, reviewed, scheme, name):
    page = manager.get(at(name, start(people, reviewed, scheme)))

    assert page.status_code == HTTPStatus.CONFLICT
    assert 'content="run_not_complete"' in page.content.decode()


def test_run_page_sums_up(manager, run):
    context = manager.get(at("run", run)).context

    assert context["summary"].classes == [("A", 0), ("B", 1), ("C", 3)]
    assert context["summary"].counties == 4
    assert [row.result.region.code for row in context["page"]] == [
        "131081",
        "130102",
        "130121",
        "130181",
    ]


@pytest.mark.parametrize(
    "query, codes",
    [
        ("?klass=B", ["131081"]),
        ("?city=130100", ["130102", "130121"]),
        ("?city=130100&klass=B", []),
        ("?order=county", ["130102", "130121", "130181", "131081"]),
        ("?order=reverse", ["130102", "130121", "130181", "131081"]),
        ("?city=999999", ["131081", "130102", "130121", "130181"]),
        ("?order=DROP&klass=", ["131081", "130102", "130121", "130181"]),
        ("?page=99", ["131081", "130102", "130121", "130181"]),
    ],
)
def test_results_are_narrowed_by_the_address(manager, run, query, codes):
    page = manager.get(at("run", run) + query)

    assert [row.result.region.code for row in page.context["page"]] == codes


def test_chips_keep_the_other_filters(manager, run):
    chips = manager.get(at("run", run) + "?city=130100&klass=C").context["chips"]

    assert [(chip["label"], chip["count"], chip["current"]) for chip in chips] == [
        ("全部", 4, False),
        ("A类", 0, False),
        ("B类", 1, False),
        ("C类", 3, True),
    ]
    assert [chip["url"] for chip in chips][:2] == ["?city=130100", "?city=130100&klass=A"]


def test_counties_near_a_limit_are_named(manager, people, reviewed, scheme):
    """69.90 without the experts' points is 64.90; 5 points less than the limit of class B is not near."""
    run = grade(people, reviewed, scheme)
    assert manager.get(at("run", run)).context["near"] == []

    tamper(Result, "total = 59.20 WHERE rank = 2")

    near = manager.get(at("run", run)).context["near"]
    assert {(row.class_name, str(row.distance)) for row in near} == {("B", "-0.80")}
    assert len(near) == 3


def test_result_page_goes_from_figure_to_points(manager, run):
    region = run.results.get(rank=1).region

    page = manager.get(at("result", run, region.public_id))

    words = page.content.decode()
    rows = {
        row.indicator.code: row for group in page.context["sheet"].groups for row in group.lines
    }
    assert [(label, text) for _, label, text in rows["04"].line.steps] == [
        ("数值", "97家"),
        ("区间", "40至100家，8至10分"),
        ("计算", "10 − (100 − 97) ÷ (100 − 40) × 2 = 9.9"),
        ("得分", "9.90"),
    ]
    assert (rows["04"].status, rows["17"].status, rows["17"].absence) == ("市审", "专家评分", "")
    assert "10 − (100 − 97) ÷ (100 − 40) × 2 = 9.9" in words
    assert (
        sum(group.score for group in page.context["sheet"].groups) == run.results.get(rank=1).total
    )


def test_result_page_shows_absence_and_flags(manager, run):
    region = run.results.get(region__code="130121").region

    sheet = manager.get(at("result", run, region.public_id)).context["sheet"]

    rows = {row.indicator.code: row for group in sheet.groups for row in group.lines}
    assert (rows["14"].absence, rows["14"].status) == ("缺报", "")
    assert rows["14"].flags == ["缺报", "无上年数可沿用"]
    assert rows["06"].status == "预测"


def test_result_of_a_county_not_in_the_run_is_not_found(manager, run, province):
    page = manager.get(at("result", run, province.region.public_id))

    assert page.status_code == HTTPStatus.NOT_FOUND


def test_run_names_who_is_left_out(manager, people, collection, scheme):
    hand_in(people, collection, "131081")

    page = manager.get(at("run", grade(people, collection, scheme, "机构改革。")))

    assert page.context["left_out"] == ["石家庄市长安区", "石家庄市井陉县", "辛集市"]
    assert "机构改革。" in page.content.decode()


def test_verifying_says_what_holds(manager, run):
    page = manager.post(at("run_verify", run), follow=True)

    assert "核验一致" in page.content.decode()


def test_verifying_says_what_does_not(manager, run):
    tamper(Result, "total = 99 WHERE rank = 1")

    page = manager.post(at("run_verify", run), follow=True)

    assert "核验不符：存储的县级结果与重新计分不符" in page.content.decode()


def test_downloads(manager, run):
    archive = manager.get(at("run_archive", run))
    workbook = manager.get(at("run_workbook", run))

    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
    sheets = openpyxl.load_workbook(io.BytesIO(workbook.content)).sheetnames
    assert sheets == ["评价结果", "逐项说明"]
    assert {answer["Cache-Control"] for answer in (archive, workbook)} == {"private, no-store"}


# Lists


def form(**changed):
    return {"publish_on": str(clock.today())} | changed


def test_draft_form_makes_a_list(manager, run):
    page = manager.post(at("list_draft", run), form(), follow=True)

    made = PublishedList.objects.get()
    assert page.redirect_chain == [(at("list", made), 302)]
    assert made.document_number == ""
    assert "公布时编号" in page.content.decode()


def test_draft_form_refuses_in_the_field(manager, run):
    page = manager.post(at("list_draft", run), form(publish_on="明天"))

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.context["form"].errors.keys() == {"publish_on"}
    assert not PublishedList.objects.exists()


def test_draft_form_asks_the_reason_of_a_correction(manager, published):
    page = manager.get(at("list_draft", published.run))
    assert "拟定更正名单" in page.content.decode()

    refused = manager.post(at("list_draft", published.run), form())
    made = manager.post(
        at("list_draft", published.run), form(correction_reason=REASON), follow=True
    )

    assert refused.context["form"].errors.keys() == {"correction_reason"}
    assert made.context["list"].correction_reason == REASON


def test_draft_form_when_one_is_in_preparation(manager, drafted):
    page = manager.post(at("list_draft", drafted.run), form())

    assert page.status_code == HTTPStatus.CONFLICT
    assert "已有一份名单正在拟定" in page.content.decode()


def test_list_page_shows_classes_movement_and_buttons(manager, publisher, drafted):
    page = manager.get(at("list", drafted))

    assert [(group.name, len(group.rows)) for group in page.context["groups"]] == [
        ("A", 0),
        ("B", 1),
        ("C", 3),
    ]
    assert [button.label for button in page.context["buttons"]] == ["登记领导小组意见", "撤回拟稿"]
    assert "首次参评" in page.content.decode()
    assert publisher.get(at("list", drafted)).context["buttons"] == []


def test_consent_form(manager, drafted):
    sent = {"consent_on": str(clock.today()), "consent_number": "冀科领纪〔2026〕1号"}

    page = manager.post(at("list_consent", drafted), sent, follow=True)

    assert page.context["list"].state == ListState.CONSENTED
    assert "已登记领导小组同意" in page.content.decode()


@pytest.mark.parametrize(
    "changed, field",
    [({"consent_number": " "}, "consent_number"), ({"consent_on": "2999-01-01"}, "consent_on")],
)
def test_consent_form_refuses_in_the_field(manager, drafted, changed, field):
    sent = {"consent_on": str(clock.today()), "consent_number": "纪要1号"} | changed

    page = manager.post(at("list_consent", drafted), sent)

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.context["form"].errors.keys() == {field}


def test_publish_page_tells_the_consequences_and_publishes(publisher, people, run):
    made = consented(people, run)

    words = publisher.get(at("list_publish", made)).content.decode()
    page = publisher.post(at("list_publish", made), follow=True)

    assert "公布后名单不能修改或删除" in words
    assert "办理后不能收回" in words
    assert page.context["list"].state == ListState.PUBLISHED
    assert page.context["job"].running is True


def test_publishing_ones_own_list_is_refused(people, run):
    made = consented(people, run)
    type(people.manager).objects.filter(pk=people.manager.pk).update(role=people.publisher.role)

    page = signed_in(people.manager).post(at("list_publish", made))

    assert page.status_code == HTTPStatus.FORBIDDEN
    assert 'content="second_person_required"' in page.content.decode()


@pytest.mark.parametrize("name", ["list_consent", "list_publish", "list_withdraw"])
def test_stale_pages_say_so_before_anybody_fills_them_in(manager, publisher, published, name):
    browser = publisher if name == "list_publish" else manager

    answer = browser.get(at(name, published))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "办理环节已经变化" in answer.content.decode()


def test_withdraw_form(manager, drafted):
    refused = manager.post(at("list_withdraw", drafted), {"reason": "　"})
    page = manager.post(at("list_withdraw", drafted), {"reason": "日期有误"}, follow=True)

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.context["list"].state == ListState.WITHDRAWN
    assert "日期有误" in page.content.decode()
    assert page.context["buttons"] == []


def test_correction_page_shows_before_and_after(manager, people, published, scheme):
    move(
        people.manager,
        submission_of(published.collection, "130121"),
        SubmissionAction.SEND_BACK,
        "数据不实。",
    )
    run = grade(people, published.collection, scheme, "井陉县数据不实。")
    made = draft(people, run, reason=REASON)

    page = manager.get(at("list", made))

    assert [change.row.code for change in page.context["changes"]] == ["130121"]
    assert "不再列入" in page.content.decode()


def test_publishing_a_correction_says_what_it_replaces(publisher, people, published):
    made = consented(people, published.run, number=2, reason=REASON)

    words = publisher.get(at("list_publish", made)).content.decode()

    assert f"替代{published.document_number}，原通知和名单标明“已更正”并附更正原因" in words


def test_progress_of_the_files_asks_for_the_page_when_done(manager, published):
    running = manager.get(at("list_progress", published))
    work_off()
    done = manager.get(at("list_progress", published))

    assert "HX-Refresh" not in running
    assert done["HX-Refresh"] == "true"


def test_corrected_list_points_to_its_correction(manager, people, published):
    corrected = publish(people, published.run, number=2, reason=REASON)

    words = manager.get(at("list", published)).content.decode()

    assert "本名单已更正" in words
    assert at("list", corrected) in words


def test_failed_files_may_be_retried_by_who_may_publish(manager, publisher, published, monkeypatch):
    """Pango may be missing; the renderer alone is replaced."""

    def no_pango(document):
        raise PdfUnavailable

    monkeypatch.setattr(files, "render_official", no_pango)
    work_off()

    page = publisher.get(at("list", published))

    words = page.content.decode()
    assert PdfUnavailable().sentence in words
    assert "首个为“PDF文件”" in words
    assert page.context["may_retry"] is True
    assert manager.get(at("list", published)).context["may_retry"] is False
    assert [(label, made is not None) for label, made, _ in page.context["files"]] == [
        ("PDF", False),
        ("Word", True),
        ("Excel", True),
    ]


def test_list_page_names_its_notice_and_where_to_verify_it(manager, published):
    words = manager.get(at("list", published)).content.decode()

    assert f"{published.document_number}</a>（有效）" in words
    assert f'href="/v/{published.paper.code}/"' in words
    assert f'href="{at_paper("paper", published)}"' in words


def test_notice_of_a_list_is_called_so_and_leads_back_to_the_list(publisher, published):
    listed = publisher.get(reverse("documents:home"), {"show": "issued"})
    page = publisher.get(at_paper("paper", published))

    assert [(row, kind) for row, kind, _ in listed.context["papers"]] == [(published.paper, "通知")]
    assert page.context["origin"] == (str(published), at("list", published))
    assert at("list", published) in page.content.decode()
    assert page.context["acts"] == []


def test_register_names_who_drew_up_the_list(publisher, people, published):
    register = published.paper.register
    page = publisher.get(reverse("documents:register", args=[register.public_id]))

    ((row, _),) = page.context["rows"]
    assert (row.paper, row.drafter) == (published.paper, people.manager.display_name)


def test_notice_of_a_list_is_not_voided_by_address(publisher, published):
    address = at_paper("paper_void", published)
    answers = [publisher.get(address), publisher.post(address, {"reason": "印制有误"})]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("拟定更正名单" in answer.content.decode() for answer in answers)
    published.paper.refresh_from_db()
    assert published.paper.is_valid


def work_off():
    """A worker makes every file that was ordered."""
    for job in Job.objects.filter(kind__in=["scoring.list_files", "documents.files"]):
        runner.work(job.pk)


# Query counts: the same for few rows and for many


def test_runs_page_queries(manager, people, run, scheme, django_assert_num_queries):
    manager.get(reverse("scoring:runs"))
    with django_assert_num_queries(8):
        manager.get(reverse("scoring:runs"))
    for _ in range(2):
        grade(people, run.collection, scheme)

    with django_assert_num_queries(8):
        assert len(manager.get(reverse("scoring:runs")).context["runs"]) == 3


def test_lists_page_queries(manager, people, drafted, django_assert_num_queries):
    manager.get(reverse("scoring:lists"))
    with django_assert_num_queries(6):
        manager.get(reverse("scoring:lists"))
    for _ in range(2):
        row = PublishedList.objects.get(state=ListState.DRAFT)
        withdraw_draft(actor=people.manager, list_id=row.public_id, reason="重拟")
        draft(people, drafted.run)

    with django_assert_num_queries(6):
        assert len(manager.get(reverse("scoring:lists")).context["lists"]) == 3


@pytest.mark.parametrize("counties", [1, 4])
def test_run_and_list_page_queries(
    manager, people, collection, scheme, counties, django_assert_max_num_queries
):
    for code in CODES[:counties]:
        hand_in(people, collection, code)
    run = grade(people, collection, scheme, "先行评价。")
    made = publish(people, run)

    with django_assert_max_num_queries(17):
        manager.get(at("run", run))
    with django_assert_max_num_queries(17):
        manager.get(at("list", made))


def test_run_state_is_complete_only_with_its_digest(people, version, scheme):
    collection = open_for_all(people.manager, version)
    hand_in_all(people, collection)
    run = start(people, collection, scheme)

    assert (run.state, run.digest) == (RunState.QUEUED, "")
    assert run.created_at <= clock.now() + timedelta(seconds=1)
