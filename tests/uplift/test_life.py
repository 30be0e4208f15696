"""The life of a plan: who may take which step, what stops it, who is told, what can never be."""

from datetime import datetime
from html.parser import HTMLParser

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from tests.factories.people import signed_in
from tests.uplift.plans import with_stage
from uplift.actions.drafts import DraftKey, amend_plan, edit_draft
from uplift.actions.moving import move_version
from uplift.enums import PlanAction as A
from uplift.enums import VersionState as S
from uplift.models import ClassTarget, PlanVersion
from uplift.selectors.plans import get_version, list_versions, proposed_years
from uplift.selectors.progress import read_stages
from uplift.selectors.texts import read_text
from uplift.workflow import PLAN_WORKFLOW

PLAN, DECIDE = "uplift.plan", "uplift.decide"
# Written out by hand: act, from, to, who, whether words are needed.
TABLE = [
    ("submit", "drafted", "submitted", PLAN, False),
    ("recall", "submitted", "drafted", PLAN, False),
    ("return", "submitted", "drafted", DECIDE, True),
    ("settle", "submitted", "settled", DECIDE, False),
    ("replace", "settled", "replaced", DECIDE, False),
    ("close", "settled", "closed", DECIDE, True),
    ("drop", "drafted", "dropped", PLAN, True),
]


def test_the_table():
    assert [
        (r.action, r.source, r.target, r.permission, r.needs_comment)
        for r in PLAN_WORKFLOW.transitions
    ] == TABLE


pytestmark = pytest.mark.django_db


def move(actor, version, action, comment="", seen=-1):
    return move_version(
        actor=actor, version_id=version.public_id, action=action, comment=comment, seen=seen
    )


def edit(city, change):
    return edit_draft(
        actor=city.drafter, key=DraftKey(city.draft.public_id, city.draft.revision), edit=change
    )


def test_settled_by_another_person_and_told(city, people):
    version = city.settled()

    assert version.state == S.SETTLED
    assert version.digest == read_text(version).digest
    told = Notice.objects.filter(kind="uplift_settle").values_list("recipient__login", flat=True)
    assert {"changan.lead", "jingxing.lead", "hebei.manager"} <= set(told)
    assert city.decider.login not in told
    assert not {"bazhou.lead", "langfang.reviewer", "xinji.lead"} & set(told)
    acts = Event.objects.filter(kind="uplift_plan").order_by("serial").values_list("act", flat=True)
    assert list(acts) == [
        *("begin_uplift_plan", "edit_uplift_plan", "submit_uplift_plan", "settle_uplift_plan"),
    ]


def test_nobody_settles_his_own_and_the_drafter_has_not_the_right(city, people):
    move(city.drafter, city.draft, A.SUBMIT)
    with pytest.raises(NotAllowed):
        move(city.drafter, city.draft, A.SETTLE)
    # A clerk made head of the office: still his own plan.
    city.drafter.role = "city_signer"
    city.drafter.save()
    with pytest.raises(NotAllowed) as refused:
        move(city.drafter, city.draft, A.SETTLE)
    assert refused.value.code == "own_plan"
    assert PlanVersion.objects.get().state == S.SUBMITTED


def test_what_does_not_add_up_is_not_handed_in(city):
    edit(city, lambda text: with_stage(text, 0, counts={"A": 11, "B": 4, "C": 6}))
    with pytest.raises(Invalid) as refused:
        move(city.drafter, city.draft, A.SUBMIT)
    assert refused.value.code == "plan_does_not_add_up"
    assert PlanVersion.objects.get().state == S.DRAFTED


def test_a_stale_page_and_a_blank_comment_change_nothing(city):
    with pytest.raises(Stale):
        edit_draft(
            actor=city.drafter,
            key=DraftKey(city.draft.public_id, city.draft.revision - 1),
            edit=lambda text: text.with_heading(title="别的"),
        )
    with pytest.raises(Stale):
        move(city.drafter, city.draft, A.SUBMIT, seen=city.draft.revision - 1)
    move(city.drafter, city.draft, A.SUBMIT)
    with pytest.raises(Invalid):
        move(city.decider, city.draft, A.RETURN, comment=" ")
    with pytest.raises(Stale) as refused:
        edit(city, lambda text: text.with_heading(title="别的"))
    assert refused.value.code == "not_a_draft"
    version = PlanVersion.objects.get()
    assert (version.state, version.title) == (S.SUBMITTED, city.draft.title)


def test_amended_with_a_reason_the_old_version_is_replaced(city):
    old = city.settled()
    with pytest.raises(Invalid):
        amend_plan(actor=city.drafter, version_id=old.public_id, reason="  ")
    fresh = amend_plan(actor=city.drafter, version_id=old.public_id, reason="区划调整。")
    with pytest.raises(Stale):
        amend_plan(actor=city.drafter, version_id=old.public_id, reason="再修订。")
    assert read_text(fresh).lines == read_text(old).lines

    move(city.drafter, fresh, A.SUBMIT)
    move(city.decider, fresh, A.SETTLE)
    assert list(PlanVersion.objects.order_by("number").values_list("state", flat=True)) == [
        S.REPLACED,
        S.SETTLED,
    ]
    assert Notice.objects.filter(title__contains="已修订").exists()


def test_closed_with_words(city):
    version = city.settled()
    with pytest.raises(Invalid):
        move(city.decider, version, A.CLOSE)
    assert move(city.decider, version, A.CLOSE, "期满。").state == S.CLOSED


def test_the_database_keeps_what_was_handed_in(city):
    version = city.settled()
    target = ClassTarget.objects.filter(line__version=version).first()
    with pytest.raises(InternalError, match="frozen"), transaction.atomic():
        ClassTarget.objects.filter(pk=target.pk).update(number=1)
    with pytest.raises(InternalError, match="frozen"), transaction.atomic():
        version.lines.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(settled_by=version.drafted_by)


def test_who_sees_what(city, people):
    seen = {
        name: list_versions(person).count()
        for name, person in {
            "drafter": city.drafter, "changan": people.changan_lead, "manager": people.manager,
            "langfang": people.reviewer, "bazhou": people.lead, "xinji": people.xinji_lead,
            "expert": people.expert, "provider": people.provider,
        }.items()
    }  # fmt: skip
    assert {name for name, count in seen.items() if count} == {"drafter"}

    city.settled()
    for person in (people.changan_lead, people.manager, city.decider):
        assert list_versions(person).count() == 1
    for person in (people.reviewer, people.lead, people.xinji_lead, people.expert):
        with pytest.raises(Http404):
            get_version(person, city.draft.public_id)
    # A county that has ended has no plan to follow.
    county = people.changan_lead.office.region
    county.valid_to = "2024-01-01"
    county.save()
    ended = type(people.changan_lead).objects.get(pk=people.changan_lead.pk)
    with pytest.raises(Http404):
        get_version(ended, city.draft.public_id)


class Inputs(HTMLParser):
    """What a form holds as the browser would send it."""

    def __init__(self):
        super().__init__()
        self.found, self.area, self.select = {}, None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.found[given["name"]] = given.get("value", "")
        if tag == "textarea":
            self.area = given["name"]
            self.found[self.area] = ""
        if tag == "select":
            self.select = given["name"]
        if tag == "option" and "selected" in given:
            self.found[self.select] = given["value"]
        elif tag == "option":
            self.found.setdefault(self.select, given["value"])

    def handle_data(self, data):
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None


@pytest.mark.parametrize(
    "part, field, value, status",
    [
        ("targets", "t-0-A", "很多", 422), ("targets", "year-0", "22", 422), ("targets", "paste", "少\t列", 422),
        ("targets", "t-0-A", "9", 302), ("stages", "moves-0", "B→A：霸州市", 422), ("stages", "moves-0", "桥西区", 422),
        ("goals", "year-0", "", 422), ("goals", "c-0-A", "-1", 422), ("goals", "c-0-A", "1.5", 422),
        ("goals", "sentence-0", "", 422), ("goals", "year-2", "2025", 422), ("goals", "c-0-A", "15", 302),
        ("money", "amount-0", "-5", 422), ("money", "percent-0", "0", 422), ("money", "year-0", "", 422),
    ],
)  # fmt: skip
def test_parts_in_the_browser(city, part, field, value, status):
    browser = signed_in(city.drafter)
    url = f"/uplift/{city.draft.public_id}/edit/{part}/"
    page = browser.get(url)
    assert page.status_code == 200
    inputs = Inputs()
    inputs.feed(page.content.decode())
    before = read_text(PlanVersion.objects.get())
    # What the page holds is what is stored: saved unchanged it changes nothing.
    assert browser.post(url, inputs.found).status_code == 302
    assert read_text(PlanVersion.objects.get()) == before

    answer = browser.post(url, {**inputs.found, field: value})
    assert answer.status_code == status
    assert (read_text(PlanVersion.objects.get()) == before) == (status == 422)


def test_pasted_rows_replace_and_add(city):
    browser = signed_in(city.drafter)
    url = f"/uplift/{city.draft.public_id}/edit/targets/"
    pasted = "指标\t单位\t数据年度\tA类县\tB类县\n创新型乡镇数量\t家\t2023\t3\t2\n高新技术企业\t家\t2023\t1,000\t50"
    answer = browser.post(url, {"revision": city.draft.revision, "paste": pasted})

    assert answer.status_code == 302
    lines = read_text(PlanVersion.objects.get()).lines
    assert [(line.name, line.data_year, line.targets["A"]) for line in lines] == [
        ("创新型乡镇数量", 2023, 3),
        ("高新技术企业", 2023, 1000),
    ]


def test_the_workbook_goes_out_and_in_again(city):
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = signed_in(city.drafter)
    one = f"/uplift/{city.draft.public_id}/"
    content = browser.get(f"{one}plan.xlsx").content
    before = read_text(PlanVersion.objects.get())
    upload = SimpleUploadedFile("计划.xlsx", content)
    data = {"revision": city.draft.revision, "file": upload}

    assert browser.post(f"{one}edit/targets/import/", data).status_code == 302
    assert read_text(PlanVersion.objects.get()) == before
    wrong = SimpleUploadedFile("计划.xlsx", b"PK nonsense")
    refused = browser.post(
        f"{one}edit/targets/import/", {"revision": city.draft.revision, "file": wrong}
    )
    assert refused.status_code == 422


@pytest.mark.parametrize(
    "change, code",
    [
        ("target of C", "target_of_lowest_class"),
        ("county of another city", "strange_county"),
        ("growth of what is better lower", "growth_of_lower_is_better"),
        ("growth of nothing known", "unknown_fact"),
    ],
)
def test_what_can_never_stand_in_a_plan(city, version, change, code):
    from dataclasses import replace
    from decimal import Decimal

    from uplift.rules.text import Move

    def changed(text):
        line, rule = text.lines[0], text.growth[0]
        if change == "target of C":
            return replace(
                text,
                lines=(replace(line, targets={**line.targets, "C": Decimal(1)}), *text.lines[1:]),
            )
        if change == "county of another city":
            return with_stage(text, 0, moves=(Move("131081", "B", "A"),))
        if change == "growth of nothing known":
            return replace(text, growth=(replace(rule, meaning="luck"),))
        version.indicators.filter(code="01").update(lower_is_better=True)
        return replace(text, growth=(replace(rule, percent=Decimal(31)),))

    with pytest.raises(Invalid) as refused:
        edit(city, changed)
    assert refused.value.code == code
    assert PlanVersion.objects.get().revision == city.draft.revision


def test_a_plan_whose_years_are_over_is_not_said_to_be_under_way(city):
    version = city.settled()
    client = signed_in(city.drafter)

    def states():
        pages = (client.get("/uplift/"), client.get(f"/uplift/{version.public_id}/"))
        return [page.content.decode() for page in pages]

    with clock.playing(datetime(version.to_year, 12, 31, 12, tzinfo=clock.BEIJING)):
        assert all("执行中" in page and "已期满" not in page for page in states())
    with clock.playing(datetime(version.to_year + 1, 1, 1, 12, tzinfo=clock.BEIJING)):
        for page in states():
            assert "已期满" in page
            assert "执行中" not in page
            assert "逾期" not in page
    # It runs on until somebody closes it.
    version.refresh_from_db()
    assert version.state == S.SETTLED


def test_a_stage_without_a_list_says_why(city):
    version = city.settled()
    with clock.playing(datetime(2023, 5, 1, tzinfo=clock.BEIJING)):
        notes = [row.note for row in read_stages(version, read_text(version))]
    assert notes == [
        "平台没有2021年度的公布名单，本阶段不作对照。",
        "2022年度名单应于2023年公布，公布后与计划对照。",
        "2025年度名单应于2026年公布，公布后与计划对照。",
    ]


def test_a_new_plan_begins_with_four_years(city):
    with clock.playing(datetime(2026, 3, 1, tzinfo=clock.BEIJING)):
        assert proposed_years() == {"base_year": 2024, "from_year": 2026, "to_year": 2029}
    with clock.playing(datetime(2026, 11, 1, tzinfo=clock.BEIJING)):
        assert proposed_years() == {"base_year": 2025, "from_year": 2027, "to_year": 2030}
