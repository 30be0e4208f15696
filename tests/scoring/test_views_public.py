"""What everybody may read: published lists in full, and never a score, a rank or a draft."""

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from county_portal.documents.actions.standing import lapse_papers
from county_portal.documents.pdf import pdf_available
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from scoring.enums import RUN_DATA
from tests.factories.people import signed_in
from tests.factories.sheets import open_for_all
from tests.scoring.acts import consented, draft, grade, hand_in_all, publish, score
from tests.scoring.canaries import canaries, leaked, text_of_workbook

REASON = "霸州市数据抄录有误，经复核更正。"


@pytest.fixture
def anybody():
    return Client()


def at(name, row):
    return reverse(f"scoring:{name}", args=[row.public_id])


def make_files():
    for job in Job.objects.filter(kind__in=["scoring.list_files", "documents.files"]):
        runner.work(job.pk)


@pytest.fixture
def last_year(people, version, scheme):
    """霸州 in class C, 长安 in class B."""
    collection = open_for_all(people.manager, version, years_ago=2)
    hand_in_all(people, collection, strong=["130102"])
    score(people.expert, collection)
    return publish(people, grade(people, collection, scheme), number=9)


def test_index_without_lists_says_so(anybody, db):
    page = anybody.get(reverse("scoring:public_lists"))

    assert (page.status_code, "尚未公布名单" in page.content.decode()) == (HTTPStatus.OK, True)


def test_index_shows_years_and_what_is_valid(anybody, people, published):
    corrected = publish(people, published.run, number=2, reason=REASON)

    ((year, rows),) = anybody.get(reverse("scoring:public_lists")).context["years"]

    assert year == published.collection.data_year
    assert [(row, replaced, counts) for row, replaced, counts in rows] == [
        (corrected, None, [("B", 1), ("C", 3)]),
        (published, corrected, [("B", 1), ("C", 3)]),
    ]


def test_list_shows_classes_in_score_order(anybody, published):
    page = anybody.get(at("public_list", published))

    document = page.context["document"]
    assert [[row.name for row in group.counties] for group in document.classes] == [
        [],
        ["霸州市"],
        ["长安区", "井陉县", "辛集市"],
    ]
    words = page.content.decode()
    assert words.index("长安区") < words.index("井陉县") < words.index("辛集市")
    assert published.paper.content_sha256 in words
    assert published.document_number in words


def test_list_shows_every_county_by_city(anybody, published):
    groups = anybody.get(at("public_list", published)).context["tiles"]

    assert [
        (group.name, [(tile.name, tile.letter) for tile in group.tiles]) for group in groups
    ] == [
        ("石家庄市", [("长安区", "C"), ("井陉县", "C")]),
        ("廊坊市", [("霸州市", "B")]),
        ("河北省直管", [("辛集市", "C")]),
    ]


def test_list_tells_rises_and_never_falls(anybody, people, last_year, reviewed, scheme):
    score(people.expert, reviewed)
    published = publish(people, grade(people, reviewed, scheme))
    assert {row.movement for row in published.rows.all()} == {"rise", "fall", "same"}

    page = anybody.get(at("public_list", published))

    (group,) = page.context["rises"]
    assert (group.before, group.after, [row.name for row in group.counties]) == (
        "C",
        "B",
        ["霸州市"],
    )
    assert "退档" not in page.content.decode()
    assert "提升1位" in page.content.decode()


@pytest.mark.parametrize(
    "typed, names",
    [
        ("井陘", ["井陉县"]),
        ("井陉县", ["井陉县"]),
        ("jingxing", ["井陉县"]),
        ("1301", ["长安区", "井陉县", "辛集市"]),
        ("廊坊", ["霸州市"]),
        ("桥西", []),
        ("%", []),
        ("　", []),
        ("\u202e", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search_finds_a_county(anybody, published, typed, names):
    page = anybody.get(at("public_list", published), {"q": typed})

    assert (page.status_code, [row.name for row in page.context["found"]]) == (HTTPStatus.OK, names)


def test_search_without_result_says_so_safely(anybody, published):
    words = anybody.get(at("public_list", published), {"q": "<b>桥西"}).content.decode()

    assert "没有名称含“&lt;b&gt;桥西”的县（市、区）" in words
    assert "<b>桥西" not in words


def test_verification_of_the_notice_leads_to_the_list(anybody, published):
    page = anybody.get(reverse("verify:standing", args=[published.paper.code]))

    assert page.context["standing"].origin == (str(published), at("public_list", published))
    assert at("public_list", published) in page.content.decode()


def test_list_whose_notice_no_longer_holds_says_so(anybody, people, published):
    with transaction.atomic():
        key = str(published.run.public_id)
        lapse_papers(actor=people.publisher, kind=RUN_DATA, keys=[key], reason="数据有变化。")

    words = anybody.get(at("public_list", published)).content.decode()

    assert "公布本名单的公文已不再有效。" in words
    assert "数据有变化。" in words
    assert reverse("verify:standing", args=[published.paper.code]) in words
    index = anybody.get(reverse("scoring:public_lists")).content.decode()
    assert ("已失效" in index, "现行" in index) == (True, False)


def test_corrected_list_stays_readable_and_says_so(anybody, people, published):
    corrected = publish(people, published.run, number=2, reason=REASON)

    old = anybody.get(at("public_list", published)).content.decode()
    new = anybody.get(at("public_list", corrected)).content.decode()

    assert "本名单已更正，不再有效。" in old
    assert REASON in old
    assert at("public_list", corrected) in old
    assert "本名单为更正后的名单。" in new
    assert at("public_list", published) in new


def test_drafts_do_not_exist_for_the_public(anybody, people, run):
    made = consented(people, run)

    for name in ("public_list", "public_pdf", "public_xlsx"):
        assert anybody.get(at(name, made)).status_code == HTTPStatus.NOT_FOUND
        assert signed_in(people.manager).get(at(name, made)).status_code == HTTPStatus.NOT_FOUND
    assert anybody.get(reverse("scoring:public_lists")).context["years"] == []


def test_draft_and_nothing_answer_the_same(anybody, people, run):
    made = draft(people, run)
    nothing = reverse("scoring:public_list", args=[uuid4()])

    there, not_there = anybody.get(at("public_list", made)), anybody.get(nothing)

    assert without_request_id(there) == without_request_id(not_there)


def without_request_id(answer):
    words = answer.content.decode()
    request_id = answer.context["request_id"]
    return words.replace(request_id, "")


def test_draft_of_a_correction_leaks_nothing(anybody, people, published):
    made = draft(people, published.run, reason=REASON)

    words = anybody.get(at("public_list", published)).content.decode()
    index = anybody.get(reverse("scoring:public_lists")).content.decode()

    assert REASON not in words
    assert str(made.public_id) not in words + index
    assert "已更正" not in words + index


def test_nothing_public_holds_a_score(anybody, run, published):
    """Every byte the public gets of a list, against every total and every indicator's points."""
    make_files()
    assert len(canaries(run)) > 10
    pages = [
        anybody.get(url)
        for url in (
            reverse("home:front"),
            f"{reverse('home:front')}?q=霸州",
            reverse("scoring:public_lists"),
            at("public_list", published),
            f"{at('public_list', published)}?q=霸州",
        )
    ]
    workbook = b"".join(anybody.get(at("public_xlsx", published)).streaming_content)

    assert {page.status_code for page in pages} == {HTTPStatus.OK}
    for page in pages:
        assert leaked(page.content.decode() + repr(dict(page.headers)), run) == set()
    assert "霸州市" in text_of_workbook(workbook)
    assert leaked(text_of_workbook(workbook), run) == set()


def test_nothing_public_holds_a_rank_or_a_run(anybody, run, published):
    words = anybody.get(at("public_list", published)).content.decode()

    assert "位次</" not in words
    assert str(run.public_id) not in words
    assert run.digest not in words


@pytest.mark.parametrize("name", ["public_pdf", "public_xlsx"])
def test_file_not_made_yet_is_not_found_with_a_sentence(anybody, published, name):
    page = anybody.get(at(name, published))

    assert page.status_code == HTTPStatus.NOT_FOUND
    assert "文件尚未生成，请稍后再来" in page.content.decode()
    assert 'content="list_file_not_made"' in page.content.decode()


def test_files_are_downloads_anybody_may_keep(anybody, published):
    make_files()

    answer = anybody.get(at("public_xlsx", published))

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.skipif(not pdf_available(), reason="this machine has no Pango")
def test_pdf_is_a_pdf(anybody, published):
    make_files()

    content = b"".join(anybody.get(at("public_pdf", published)).streaming_content)

    assert content.startswith(b"%PDF-")


def test_pages_offer_only_files_that_are_made(anybody, published):
    before = anybody.get(at("public_list", published)).content.decode()
    make_files()
    after = anybody.get(at("public_list", published)).content.decode()

    assert (at("public_xlsx", published) in before, at("public_xlsx", published) in after) == (
        False,
        True,
    )


@pytest.mark.parametrize("name", ["public_list", "public_pdf", "public_xlsx"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_public_pages_answer_only_reading(anybody, published, name, method):
    answer = getattr(anybody, method)(at(name, published))

    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_index_takes_the_same_queries_for_one_list_and_for_three(
    anybody, people, published, django_assert_num_queries
):
    anybody.get(reverse("scoring:public_lists"))
    with django_assert_num_queries(2):
        anybody.get(reverse("scoring:public_lists"))
    publish(people, published.run, number=2, reason=REASON)
    publish(people, published.run, number=3, reason=REASON)

    with django_assert_num_queries(2):
        anybody.get(reverse("scoring:public_lists"))


def test_list_takes_few_queries(anybody, published, django_assert_num_queries):
    anybody.get(at("public_list", published))

    with django_assert_num_queries(7):
        anybody.get(at("public_list", published))
