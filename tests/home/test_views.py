"""The front page, the inbox of every role, and the record."""

from datetime import date
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from county_portal.accounts.models import Region
from county_portal.home.context import Menu, navigation
from county_portal.jobs import runner
from indicators.enums import SubmissionAction
from tests.factories.people import signed_in
from tests.factories.sheets import (
    approve,
    give_back,
    move,
    open_for_all,
    submission_of,
    submit,
)
from tests.scoring.acts import (
    CODES,
    consented,
    draft,
    grade,
    hand_in,
    hand_in_all,
    publish,
    score,
    start,
)
from tests.scoring.test_actions_publishing import rename

FRONT, INBOX = reverse("home:front"), reverse("home:inbox")


def inbox(person):
    return signed_in(person).get(INBOX)


def groups(person):
    """Heading, count and titles of what waits."""
    return [
        (group.title, group.count, [item.title for item in group.items])
        for group in inbox(person).context["groups"]
    ]


# The front page


def test_front_without_lists(db):
    page = Client().get(FRONT)

    assert (page.status_code, "尚未公布名单" in page.content.decode()) == (HTTPStatus.OK, True)
    assert page.context["charts"] == []


def test_front_shows_the_newest_list_and_the_years(people, version, scheme, published):
    before = open_for_all(people.manager, version, years_ago=2)
    hand_in_all(people, before, strong=CODES)
    score(people.expert, before)
    publish(people, grade(people, before, scheme), number=7)

    context = Client().get(FRONT).context

    assert context["newest"].published == published
    assert [year.classes for year in context["years"]] == [
        [("B", 1), ("C", 3)],
        [("B", 4), ("C", 0)],
    ]
    assert context["charts"][0] == (
        "B",
        [(f"{before.data_year}年度", 4), (f"{published.collection.data_year}年度", 1)],
    )


def test_front_counts_only_the_valid_version(people, published):
    corrected = publish(people, published.run, number=2, reason="更正。")

    assert [year.published for year in Client().get(FRONT).context["years"]] == [corrected]


@pytest.mark.parametrize(
    "typed, found",
    [
        ("井陘", [("石家庄市井陉县", ["C"])]),
        ("bazhou", [("廊坊市霸州市", ["B"])]),
        ("石家庄", [("石家庄市长安区", ["C"]), ("石家庄市井陉县", ["C"])]),
        ("不存在", []),
        (" ", []),
    ],
)
def test_front_finds_a_county_by_year(published, typed, found):
    histories = Client().get(FRONT, {"q": typed}).context["found"]

    assert [
        (county.name, [row and row.class_name for _, row in county.years]) for county in histories
    ] == found


@pytest.mark.parametrize("typed", ["长安区", "长安新区"])
def test_front_shows_a_renamed_county_with_all_its_years(
    people, version, scheme, province, published, typed
):
    before = open_for_all(people.manager, version, years_ago=2)
    hand_in_all(people, before, strong=["130102"])
    score(people.expert, before)
    publish(people, grade(people, before, scheme), number=7)
    new = rename(province.counties["changan"], before, "长安新区")
    before.submissions.filter(region=new).update(region=province.counties["changan"])

    (county,) = Client().get(FRONT, {"q": typed}).context["found"]

    assert county.name == (
        "石家庄市长安新区（原长安区）" if typed == "长安区" else "石家庄市长安新区"
    )
    assert [row.class_name for _, row in county.years] == ["C", "B"]


def test_front_shows_a_merged_county_for_the_years_it_was_listed(province, published):
    """It went up in another, whose code and past live on: its own past stays its own."""
    collection = published.collection
    new = rename(province.counties["changan"], collection, "长安新区")
    collection.submissions.filter(region=new).update(region=province.counties["changan"])
    Region.objects.filter(code="130121").update(valid_to=date(2025, 1, 1), successor=new)

    (county,) = Client().get(FRONT, {"q": "井陉"}).context["found"]

    assert (county.name, [row.class_name for _, row in county.years]) == ("石家庄市井陉县", ["C"])


def test_front_takes_the_same_queries_for_one_year_and_for_two(
    people, version, scheme, published, django_assert_num_queries
):
    Client().get(FRONT)
    with django_assert_num_queries(7):
        Client().get(FRONT, {"q": "石家庄"})
    before = open_for_all(people.manager, version, years_ago=2)
    hand_in_all(people, before)
    publish(people, grade(people, before, scheme), number=7)

    with django_assert_num_queries(7):
        Client().get(FRONT, {"q": "石家庄"})


# The inbox


def test_inbox_of_a_county(people, collection, submission):
    assert groups(people.filler) == [("待填报", 1, [collection.title])]
    submit(people.lead, submission)
    assert groups(people.lead) == []
    move(people.reviewer, submission, SubmissionAction.RETURN, "请核对第4项。")

    page = inbox(people.lead)

    (group,) = page.context["groups"]
    assert (group.title, group.items[0].until) == ("被退回，待重新提交", collection.city_due_on)
    assert groups(people.filler) == [("被退回，待修改", 1, [collection.title])]
    assert reverse("indicators:submission", args=[submission.public_id]) in page.content.decode()
    assert "请核对第4项。" in page.content.decode()


def test_inbox_tells_a_county_what_was_decided(people, submission):
    approve(people.lead, people.reviewer, submission)
    move(people.manager, submission, SubmissionAction.RECEIVE)

    steps = inbox(people.filler).context["decisions"]

    assert [step.label for step in steps] == ["接收", "审核通过"]


def test_inbox_never_tells_of_another_county(people, collection):
    give_back(
        people.changan_lead,
        people.shijiazhuang_reviewer,
        submission_of(collection, "130102"),
        comment="长安的意见",
    )

    assert "长安" not in inbox(people.lead).content.decode()
    assert inbox(people.reviewer).context["decisions"] == []


def test_inbox_of_a_city(people, collection):
    submit(people.changan_lead, submission_of(collection, "130102"))
    submit(people.lead, submission_of(collection, "131081"))

    assert groups(people.shijiazhuang_reviewer) == [("待受理", 1, ["石家庄市长安区"])]
    assert groups(people.signer) == []
    move(people.shijiazhuang_reviewer, submission_of(collection, "130102"), SubmissionAction.ACCEPT)
    assert groups(people.shijiazhuang_reviewer) == [("待审核", 1, ["石家庄市长安区"])]


def test_inbox_of_the_manager_from_receiving_to_the_draft(people, collection, scheme):
    hand_in(people, collection, "131081")
    assert groups(people.manager) == [("待接收", 1, [collection.title])]
    for code in CODES[1:]:
        hand_in(people, collection, code)
    for row in collection.submissions.all():
        move(people.manager, row, SubmissionAction.RECEIVE)
    assert groups(people.manager) == [("待评价", 1, [collection.title])]

    run = start(people, collection, scheme)
    assert [job.title for job in inbox(people.manager).context["running"]] == [run.job.title]
    assert groups(people.manager) == []
    runner.work(run.job_id)
    assert groups(people.manager) == [("待拟定名单", 1, [str(run)])]
    (study,) = run.robustness_studies.all()  # begins by itself with the run's completion
    assert [job.title for job in inbox(people.manager).context["running"]] == [study.job.title]
    runner.work(study.job_id)
    assert inbox(people.manager).context["running"] == []

    made = draft(people, run)
    assert groups(people.manager) == [("待登记领导小组意见", 1, [str(made)])]


def test_inbox_of_the_publisher(people, run):
    assert groups(people.publisher) == []
    made = consented(people, run)

    assert groups(people.publisher) == [("待公布", 1, [str(made)])]


def test_inbox_of_an_expert(people, reviewed, scheme):
    score(people.expert, reviewed, codes=CODES[:1])

    ((title, count, (item,)),) = groups(people.expert)

    assert (title, count) == ("待评分", 3)
    assert item.startswith("科技管理创新情况")
    score(people.expert, reviewed)
    assert groups(people.expert) == []


@pytest.mark.parametrize(
    "role", ["system_admin", "security_admin", "auditor", "checker", "provider"]
)
def test_inbox_of_those_who_decide_nothing(people, run, role):
    page = inbox(getattr(people, role))

    assert page.context["groups"] == []
    assert "没有待办事项" in page.content.decode()


def test_inbox_names_ten_and_counts_the_rest(people, collection, monkeypatch):
    from county_portal.home import selectors

    monkeypatch.setattr(selectors, "SHOWN", 1)
    for code, lead in (("130102", people.changan_lead), ("130121", people.jingxing_lead)):
        submit(lead, submission_of(collection, code))

    ((_, count, titles),) = groups(people.shijiazhuang_reviewer)

    assert (count, titles) == (2, ["石家庄市长安区"])


@pytest.mark.parametrize("role", ["manager", "lead", "expert", "publisher", "reviewer"])
def test_inbox_takes_the_same_queries_however_much_waits(
    people, collection, scheme, role, django_assert_max_num_queries, django_assert_num_queries
):
    person = getattr(people, role)
    browser = signed_in(person)
    hand_in(people, collection, "131081")
    browser.get(INBOX)
    with django_assert_max_num_queries(27) as counted:
        browser.get(INBOX)
    for code in CODES[1:]:
        hand_in(people, collection, code)

    with django_assert_max_num_queries(len(counted)):
        browser.get(INBOX)


def test_inbox_is_for_those_signed_in(db):
    answer = Client().get(INBOX)

    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"].startswith(reverse("accounts:login"))


@pytest.mark.parametrize(
    "path, label",
    [
        ("/reports/", "得分说明书"),
        ("/reports/progress/", "进展报告"),
        ("/applications/rounds/", "试点申报"),
        ("/pilots/", "试点建设"),
        ("/elsewhere/", None),
    ],
)
def test_one_link_of_the_navigation_is_current(people, path, label):
    links = [link for entry in navigation(people.manager, path) for link in links_of(entry)]
    current = [link.label for link in links if link.current]

    assert current == ([label] if label else [])


def test_many_entries_share_menus_by_group_and_few_do_not(people):
    many = {entry.label: entry for entry in navigation(people.manager, "/scoring/runs/")}
    assert [link.label for link in many["评价"].links][:2] == ["评价工作台", "评价运行"]
    assert many["评价"].current
    assert not many["试点"].current

    assert not [entry for entry in navigation(people.auditor, "/audit/") if isinstance(entry, Menu)]


def links_of(entry):
    return entry.links if isinstance(entry, Menu) else [entry]


# The record


def test_record_is_for_the_auditor_alone(people, run):
    page = signed_in(people.auditor).get(reverse("home:audit"), {"act": "complete_run"})

    assert [event.act for event in page.context["page"]] == ["complete_run"]
    assert signed_in(people.manager).get(reverse("home:audit")).status_code == HTTPStatus.FORBIDDEN
