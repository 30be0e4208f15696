"""指导意见 while materials are being written: by the city, settled by either side, shown to the county."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from applications.actions.guidance import settle_guidance, write_guidance
from applications.enums import ApplicationState as State
from applications.enums import Section
from applications.models import Guidance
from applications.selectors.guidance import read_guidance
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to

WORDS = "第7行目标偏低，请结合近三年增速测算。"


@pytest.fixture
def draft(call, province):
    return apply_to(call, province.bureaus["bazhou"], State.DRAFT)


@pytest.fixture
def remark(people, draft):
    return write(people.reviewer, draft)


def write(actor, application, text=WORDS, section=Section.TABLE):
    return write_guidance(
        actor=actor, application_id=application.public_id, section=section, text=text
    )


def test_county_is_told_and_reads_it_at_its_section(people, draft, remark):
    told = Notice.objects.filter(kind="application_guidance").values_list(
        "recipient__login", flat=True
    )
    assert set(told) == {"bazhou.filler", "bazhou.lead"}
    shown = read_guidance(people.filler, draft, Section.TABLE)
    assert [row.text for row in shown.remarks] == [WORDS]
    assert shown.may_settle
    assert not shown.may_write
    assert not read_guidance(people.filler, draft, Section.GOALS).remarks


def test_page_shows_it_with_the_box_to_those_who_may_write(people, draft, remark):
    words = {
        person: render_to_string(
            "applications/_guidance.html",
            {"guidance": read_guidance(person, draft, Section.TABLE), "here": "/applications/"},
        )
        for person in (people.reviewer, people.lead, people.signer)
    }

    assert all(WORDS in each for each in words.values())
    assert ["写指导意见" in words[each] for each in words] == [True, False, False]
    assert [">办结<" in words[each] for each in words] == [True, True, False]


@pytest.mark.parametrize("who", ["filler", "lead", "signer", "manager"])
def test_only_the_reviewer_remarks(people, draft, who):
    with pytest.raises(NotAllowed):
        write(getattr(people, who), draft)


@pytest.mark.parametrize("state", [State.GOVERNMENT, State.READY])
def test_while_the_county_holds_it(people, call, province, state):
    application = apply_to(call, province.bureaus["bazhou"], state)

    assert write(people.reviewer, application).text == WORDS


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CITY_REVIEW, State.REVIEWED])
def test_not_once_it_was_handed_in(people, call, province, state):
    application = apply_to(call, province.bureaus["bazhou"], state)

    with pytest.raises(Stale, match="guidance_closed") as refused:
        write(people.reviewer, application)
    assert "退回" in refused.value.sentence


@pytest.mark.parametrize(
    "text, section, code",
    [(" \n　", Section.TABLE, "text_required"), (WORDS, "elsewhere", "section_unknown")],
)
def test_bad_input_leaves_nothing(people, draft, text, section, code):
    with pytest.raises(Invalid, match=code):
        write(people.reviewer, draft, text, section)
    assert not Guidance.objects.exists()


@pytest.mark.parametrize("who", ["filler", "lead", "reviewer"])
def test_either_side_settles_it_once(people, remark, who):
    person = getattr(people, who)

    settled = settle_guidance(actor=person, guidance_id=remark.public_id)

    assert settled.settled_by == person
    with pytest.raises(Stale, match="guidance_settled"):
        settle_guidance(actor=people.reviewer, guidance_id=remark.public_id)


def test_settled_ones_stand_behind(people, draft, remark):
    settle_guidance(actor=people.filler, guidance_id=remark.public_id)
    write(people.reviewer, draft, "再补充依据。")

    shown = read_guidance(people.lead, draft, Section.TABLE)

    assert [row.text for row in shown.remarks] == ["再补充依据。", WORDS]
    assert shown.open_count == 1


# Through the browser


def test_remark_leads_back_to_where_it_was_written(people, draft):
    url = reverse("applications:guidance", args=[draft.public_id])
    here = reverse("applications:application", args=[draft.public_id])
    data = {"text": WORDS, "section": "table", "next": here}

    answer = signed_in(people.reviewer).post(url, data)

    assert answer["Location"] == here
    assert Guidance.objects.get().text == WORDS


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_it_never_leads_elsewhere(people, draft, target):
    url = reverse("applications:guidance", args=[draft.public_id])
    data = {"text": WORDS, "section": "table", "next": target}

    answer = signed_in(people.reviewer).post(url, data)

    assert answer["Location"] == reverse("applications:application", args=[draft.public_id])


@pytest.mark.parametrize("text", ["", "　", "字" * 1001])
def test_unfit_words_are_refused_in_words(people, draft, text):
    url = reverse("applications:guidance", args=[draft.public_id])

    answer = signed_in(people.reviewer).post(url, {"text": text, "section": "table"})

    assert answer.status_code == 422
    assert "指导意见" in answer.content.decode()
    assert not Guidance.objects.exists()


def test_another_city_finds_neither_application_nor_remark(people, draft, remark):
    client = signed_in(people.shijiazhuang_reviewer)
    urls = [
        reverse("applications:guidance", args=[draft.public_id]),
        reverse("applications:guidance_settle", args=[remark.public_id]),
    ]

    assert [client.post(url, {"text": WORDS}).status_code for url in urls] == [404, 404]
