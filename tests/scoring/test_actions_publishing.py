"""Lists: drafted from a complete run, consented to, published by a second person, corrected by a new version."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import Http404

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import list_reviewing_offices
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.actions.issuing import keep_paper, require_unchanged
from county_portal.documents.actions.standing import lapse_papers, void_paper
from county_portal.documents.blocks import Table
from county_portal.documents.content import read_content
from county_portal.documents.models import Paper, Register
from county_portal.jobs.models import Job
from indicators.enums import SubmissionAction
from scoring.actions.issuing import sources_of
from scoring.actions.publishing import (
    ConsentInput,
    ListInput,
    draft_list,
    publish_list,
    record_consent,
    withdraw_draft,
)
from scoring.enums import RUN_DATA, ListState, Movement
from scoring.models import PublishedList
from scoring.selectors.lists import (
    current_list,
    get_published,
    list_acts,
    list_changes,
    list_current,
    list_published,
    replaced_by,
)
from tests.factories.sheets import (
    correct,
    move,
    open_for_all,
    send_back_whole,
    submission_of,
)
from tests.scoring.acts import (
    CODES,
    STRONG,
    consented,
    draft,
    grade,
    hand_in_all,
    publish,
    score,
    start,
)
from tests.scoring.canaries import leaked

REASON = "霸州市高新技术企业数抄录有误，经复核更正。"


def rows_of(published):
    return {row.code: row for row in published.rows.all()}


def test_draft_lists_counties_in_score_order_without_scores(people, run):
    made = draft(people, run)

    assert (made.state, made.version, made.row_count) == (ListState.DRAFT, 1, 4)
    assert list(made.rows.values_list("order", "code", "city", "name", "class_name", "rank")) == [
        (1, "131081", "廊坊市", "霸州市", "B", 1),
        (2, "130102", "石家庄市", "长安区", "C", 2),
        (3, "130121", "石家庄市", "井陉县", "C", 2),
        (4, "130181", "河北省", "辛集市", "C", 2),
    ]
    assert {row.movement for row in made.rows.all()} == {Movement.FIRST}
    assert len(made.digest) == 64


def test_draft_has_no_number_and_records_its_run(people, run):
    made = draft_list(actor=people.manager, data=ListInput(run.public_id, clock.today()))

    assert (made.document_number, made.paper) == ("", None)
    assert Event.objects.get(act="draft_list").detail["run"] == run.digest


def test_draft_by_another_role_is_refused(people, run):
    with pytest.raises(NotAllowed):
        draft_list(
            actor=people.publisher,
            data=ListInput(run.public_id, clock.today()),
        )


def test_draft_of_an_unfinished_run_is_refused(people, reviewed, scheme):
    with pytest.raises(Stale, match="run_not_complete"):
        draft(people, start(people, reviewed, scheme))


def test_second_draft_while_one_is_in_preparation_is_refused(people, drafted):
    with pytest.raises(Stale, match="list_in_preparation"):
        draft(people, drafted.run)


def test_withdrawn_draft_leaves_no_gap_in_the_numbers(people, run, drafted):
    withdraw_draft(actor=people.manager, list_id=drafted.public_id, reason="日期有误")

    again = publish(people, run)

    assert (again.version, again.document_number) == (1, numbered(1))


def test_reason_without_anything_to_correct_is_refused(people, run):
    with pytest.raises(Invalid, match="nothing_to_correct"):
        draft(people, run, reason=REASON)


def test_consent_is_registered(people, drafted):
    today = clock.today()

    made = record_consent(
        actor=people.manager, list_id=drafted.public_id, consent=ConsentInput(today, " 纪要1号 ")
    )

    assert (made.state, made.consent_on, made.consent_number) == (
        ListState.CONSENTED,
        today,
        "纪要1号",
    )
    assert made.consent_by == people.manager


@pytest.mark.parametrize(
    "days, number, code",
    [(0, "　", "consent_number_required"), (1, "纪要1号", "date_in_the_future")],
)
def test_consent_lacking_something_is_refused(people, drafted, days, number, code):
    consent = ConsentInput(clock.today() + timedelta(days=days), number)

    with pytest.raises(Invalid, match=code):
        record_consent(actor=people.manager, list_id=drafted.public_id, consent=consent)

    drafted.refresh_from_db()
    assert drafted.state == ListState.DRAFT


def test_consent_after_the_printed_date_is_refused(people, run):
    data = ListInput(run.public_id, clock.today() - timedelta(days=2))
    made = draft_list(actor=people.manager, data=data)

    with pytest.raises(Invalid, match="consent_after_publication"):
        record_consent(
            actor=people.manager,
            list_id=made.public_id,
            consent=ConsentInput(clock.today(), "纪要1号"),
        )


def test_nothing_is_published_without_consent(people, drafted):
    with pytest.raises(Stale, match="stale_state"):
        publish_list(actor=people.publisher, list_id=drafted.public_id)

    assert list(list_published()) == []


def test_publishing_needs_a_second_person(people, run):
    """The posts are kept apart already; the rule holds even for somebody who changed posts meanwhile."""
    made = consented(people, run)
    type(people.manager).objects.filter(pk=people.manager.pk).update(role=people.publisher.role)
    people.manager.refresh_from_db()

    with pytest.raises(NotAllowed, match="second_person_required"):
        publish_list(actor=people.manager, list_id=made.public_id)

    assert list(list_published()) == []


def test_publishing_by_another_role_is_refused(people, run):
    made = consented(people, run)

    with pytest.raises(NotAllowed):
        publish_list(actor=people.manager, list_id=made.public_id)


def test_publishing_out_of_sight_is_not_found(people, run):
    made = consented(people, run)

    with pytest.raises(Http404):
        publish_list(actor=people.expert, list_id=made.public_id)


def test_publishing_before_the_printed_date_is_refused(people, run):
    data = ListInput(run.public_id, clock.today() + timedelta(days=1))
    made = draft_list(actor=people.manager, data=data)
    record_consent(
        actor=people.manager,
        list_id=made.public_id,
        consent=ConsentInput(clock.today(), "纪要1号"),
    )

    with pytest.raises(Stale, match="publication_date_ahead"):
        publish_list(actor=people.publisher, list_id=made.public_id)


def test_list_tampered_with_after_drafting_is_not_published(people, run):
    made = consented(people, run)
    made.rows.filter(order=2).update(class_name="A")

    with pytest.raises(Stale, match="list_changed"):
        publish_list(actor=people.publisher, list_id=made.public_id)


def test_publishing_seals_and_orders_the_files(people, run, django_capture_on_commit_callbacks):
    made = consented(people, run)

    with django_capture_on_commit_callbacks() as callbacks:
        published = publish_list(actor=people.publisher, list_id=made.public_id)

    assert (published.state, published.published_by) == (ListState.PUBLISHED, people.publisher)
    job = Job.objects.get(kind="scoring.list_files")
    assert list(job.units.values_list("key", flat=True)) == ["xlsx"]
    papers = Job.objects.get(kind="documents.files")
    assert sorted(papers.units.values_list("key", flat=True)) == ["docx", "pdf"]
    assert len(callbacks) == 2
    assert get_published(published.public_id) == published


def test_publishing_issues_a_numbered_notice_with_the_list_attached(people, run):
    published = publish(people, run)

    paper = published.paper
    assert (published.document_number, paper.number) == (numbered(1), numbered(1))
    assert (paper.kind, paper.issuer, paper.issued_by) == (
        "published_list",
        "河北省科技创新工作领导小组",
        people.publisher,
    )
    said = read_content(paper.content)
    assert said.letterhead.number == numbered(1)
    (attached,) = said.attachments
    tables = [block.rows for block in attached.blocks if isinstance(block, Table)]
    assert tables == [
        (("1", "霸州市", "廊坊市"),),
        (
            ("2", "长安区", "石家庄市"),
            ("3", "井陉县", "石家庄市"),
            ("4", "辛集市", "河北省"),
        ),
    ]
    assert leaked(paper.content, run) == set()


def test_notice_is_bound_to_the_list_and_its_run(published):
    bound = published.paper.bindings.values_list("kind", "key", "sha256")

    assert set(bound) == {
        ("grading_run", str(published.run.public_id), published.run.digest),
        ("published_list", str(published.public_id), published.digest),
    }


def test_without_a_register_nothing_is_published(people, run):
    made = consented(people, run)
    Register.objects.filter(prefix="冀科领").update(is_active=False)

    with pytest.raises(Stale, match="list_register_missing"):
        publish_list(actor=people.publisher, list_id=made.public_id)

    assert (list(list_published()), Paper.objects.count()) == ([], 0)


def test_refused_publication_takes_no_number(people, run):
    made = consented(people, run)
    made.rows.filter(order=2).update(class_name="A")
    with pytest.raises(Stale, match="list_changed"):
        publish_list(actor=people.publisher, list_id=made.public_id)
    made.rows.filter(order=2).update(class_name="C")

    assert publish_list(actor=people.publisher, list_id=made.public_id).paper.serial == 1


def test_publishing_twice_is_refused(people, published):
    with pytest.raises(Stale, match="stale_state"):
        publish_list(actor=people.publisher, list_id=published.public_id)


def test_withdrawing_needs_a_reason_and_ends_the_draft(people, drafted):
    with pytest.raises(Invalid, match="comment_required"):
        withdraw_draft(actor=people.manager, list_id=drafted.public_id, reason=" ")

    made = withdraw_draft(actor=people.manager, list_id=drafted.public_id, reason="日期有误")

    assert (made.state, made.withdrawal_reason) == (ListState.WITHDRAWN, "日期有误")


def test_published_list_cannot_be_withdrawn(people, published):
    with pytest.raises(Stale, match="stale_state"):
        withdraw_draft(actor=people.manager, list_id=published.public_id, reason="反悔")


# Correction


@pytest.fixture
def corrected(people, published, scheme):
    """霸州 reported ten times too much; found out after publication, put right in version 2."""
    collection = published.collection
    wrong = submission_of(collection, "130102")
    send_back_whole(people.manager, wrong, "高新技术企业数有误，请更正。")
    correct(people.changan_lead, people.shijiazhuang_reviewer, wrong, **STRONG)
    return publish(people, grade(people, collection, scheme), number=2, reason=REASON)


def test_correction_needs_a_reason(people, published):
    with pytest.raises(Invalid, match="correction_reason_required"):
        draft(people, published.run)


def test_correction_is_a_new_version_and_the_old_one_stays(published, corrected):
    assert (corrected.version, corrected.supersedes) == (2, published)
    assert current_list(published.collection) == corrected
    assert list_current() == [corrected]
    assert set(list_published()) == {published, corrected}
    assert replaced_by(published) == corrected
    assert replaced_by(corrected) is None
    assert rows_of(get_published(published.public_id))["130102"].class_name == "C"
    assert rows_of(corrected)["130102"].class_name == "B"


def test_correction_replaces_the_notice_and_lapses_what_spoke_of_the_old_list(
    people, published, scheme
):
    """Such as report cards: bound to the list, with no successor of their own yet."""
    card = keep_paper(
        actor=people.publisher,
        paper=Paper(
            kind="report_card",
            title="得分说明书",
            issuer="河北省科学技术厅",
            office=people.publisher.office,
            number="试1",
            issued_on=clock.today(),
            content="{}",
        ),
        sources=sources_of(published)[1:],
    )

    corrected = publish(people, published.run, number=2, reason=REASON)

    published.paper.refresh_from_db()
    card.refresh_from_db()
    assert (published.paper.status, published.paper.replaced_by) == ("replaced", corrected.paper)
    assert published.paper.status_reason == REASON
    assert (card.status, card.status_reason) == (
        "lapsed",
        f"所依据的{numbered(1)}名单已由{numbered(2)}更正。",
    )
    assert (corrected.paper.status, corrected.document_number) == ("valid", numbered(2))


def test_nothing_new_may_be_bound_to_a_corrected_list(people, published, corrected):
    with pytest.raises(Stale, match="bound_data_changed"):
        require_unchanged(sources_of(published))

    require_unchanged(sources_of(corrected))


def test_correction_of_a_lapsed_notice_leaves_it_lapsed(people, published):
    with transaction.atomic():
        key = str(published.run.public_id)
        lapse_papers(actor=people.publisher, kind=RUN_DATA, keys=[key], reason="数据有变化。")

    publish(people, published.run, number=2, reason=REASON)

    published.paper.refresh_from_db()
    assert published.paper.status == "lapsed"


def test_the_notice_of_a_list_reaches_the_offices_it_is_addressed_to(people, published):
    offices = {row.office for row in published.paper.deliveries.select_related("office")}

    assert offices == set(list_reviewing_offices())
    assert people.reviewer.office in offices


def test_the_notice_of_a_list_is_not_voided_alone(people, published):
    """The list would stay in force with nothing that published it."""
    with pytest.raises(Invalid, match="paper_stands_with_data") as refused:
        void_paper(actor=people.publisher, paper_id=published.paper.public_id, reason="印制有误。")

    published.paper.refresh_from_db()
    assert published.paper.status == "valid"
    assert "拟定更正名单" in refused.value.sentence


def test_correction_says_what_changes(corrected):
    changes = list_changes(corrected)

    assert [
        (change.row.code, change.before.class_name, change.after.class_name, change.changes_class)
        for change in changes
    ] == [("130102", "C", "B", True), ("130121", "C", "C", False), ("130181", "C", "C", False)]
    assert [(change.before.rank, change.after.rank) for change in changes] == [
        (2, 1),
        (2, 3),
        (2, 3),
    ]


def test_first_version_changes_nothing(published):
    assert list_changes(published) == []


def test_correction_leaving_a_county_out_says_so(people, published, scheme):
    move(
        people.manager,
        submission_of(published.collection, "130121"),
        SubmissionAction.SEND_BACK,
        "数据不实。",
    )
    run = grade(people, published.collection, scheme, "井陉县数据不实，取消参评。")

    (change,) = list_changes(draft(people, run, reason="取消井陉县参评。"))

    assert (change.row.code, change.after, change.changes_class) == ("130121", None, True)


def test_draft_of_a_correction_replaces_nothing_yet(people, published):
    draft(people, published.run, reason=REASON)

    assert list_current() == [published]
    assert replaced_by(published) is None


def test_acts_are_told_newest_first_with_names(people, published):
    acts = list_acts(published)

    assert [(act.act, act.actor) for act in acts] == [
        ("publish_list", people.publisher.display_name),
        ("record_consent", "陈管理"),
        ("draft_list", "陈管理"),
    ]


# Previous list


@pytest.fixture
def last_year(people, version, scheme):
    """The list of the year before: 霸州 in class C, 长安 in class B."""
    collection = open_for_all(people.manager, version, years_ago=2)
    hand_in_all(people, collection, strong=["130102"])
    score(people.expert, collection)
    return publish(people, grade(people, collection, scheme), number=9)


def test_movement_previous_and_best_rank(people, last_year, reviewed, scheme):
    score(people.expert, reviewed)

    rows = rows_of(draft(people, grade(people, reviewed, scheme)))

    assert {
        code: (row.previous_class, row.previous_rank, row.best_rank, row.movement)
        for code, row in rows.items()
    } == {
        "131081": ("C", 2, 1, Movement.RISE),
        "130102": ("B", 1, 1, Movement.FALL),
        "130121": ("C", 2, 2, Movement.SAME),
        "130181": ("C", 2, 2, Movement.SAME),
    }


def test_history_follows_a_county_that_was_renamed(people, last_year, reviewed, scheme, province):
    new = rename(province.counties["changan"], reviewed, "长安新区")
    score(people.expert, reviewed)

    row = rows_of(draft(people, grade(people, reviewed, scheme)))[new.code]

    assert (row.region, row.name, row.previous_class, row.previous_rank, row.movement) == (
        new,
        "长安新区",
        "B",
        1,
        Movement.FALL,
    )


def test_merged_county_continues_the_one_whose_code_it_bears(
    people, last_year, reviewed, scheme, province
):
    """井陉县 goes up in 长安区, whose code lives on: its past is 长安区's, never 井陉县's."""
    new = rename(province.counties["changan"], reviewed, "长安新区")
    Region.objects.filter(code="130121").update(valid_to=new.valid_from, successor=new)
    score(people.expert, reviewed)

    row = rows_of(draft(people, grade(people, reviewed, scheme)))[new.code]

    assert (row.previous_class, row.best_rank) == ("B", 1)


def test_merger_of_several_under_a_new_code_has_no_past(
    people, last_year, reviewed, scheme, province
):
    new = rename(province.counties["changan"], reviewed, "石门区", code="130190")
    Region.objects.filter(code__in=["130102", "130121"], valid_to__isnull=False).update(
        successor=new
    )
    Region.objects.filter(code="130121").update(valid_to=new.valid_from, successor=new)
    score(people.expert, reviewed)

    row = rows_of(draft(people, grade(people, reviewed, scheme)))[new.code]

    assert (row.previous_class, row.previous_rank, row.movement) == ("", None, Movement.FIRST)


def test_movement_is_against_the_corrected_list(people, last_year, reviewed, scheme):
    """What counts is the valid version of last year's list."""
    collection = last_year.collection
    wrong = submission_of(collection, "131081")
    send_back_whole(people.manager, wrong, "请更正。")
    correct(people.lead, people.reviewer, wrong, **STRONG)
    publish(people, grade(people, collection, scheme), number=10, reason=REASON)
    score(people.expert, reviewed)

    row = rows_of(draft(people, grade(people, reviewed, scheme)))["131081"]

    assert (row.previous_class, row.movement) == ("B", Movement.SAME)


def numbered(serial: int) -> str:
    """The number of a list published today."""
    return f"冀科领〔{clock.today().year}〕{serial}号"


def rename(old: Region, collection, name: str, code: str = "") -> Region:
    """A new row for a county from 2025 on, which this year's submission belongs to."""
    Region.objects.filter(pk=old.pk).update(valid_to=date(2025, 1, 1))
    new = Region.objects.create(
        code=code or old.code,
        name=name,
        full_name=f"石家庄市{name}",
        level=old.level,
        parent=old.parent,
        reviewing_office=old.reviewing_office,
        valid_from=date(2025, 1, 1),
        search_name=f"石家庄市{name}",
        pinyin="x",
    )
    collection.submissions.filter(region=old).update(region=new)
    Region.objects.filter(pk=old.pk).update(successor=new)
    return new


def test_list_of_every_county(people, published):
    assert sorted(rows_of(published)) == sorted(CODES)
    assert PublishedList.objects.count() == 1
