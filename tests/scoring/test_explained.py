"""Every scored line tells who stated its figure, who confirmed it, and the way to its points."""

import io
from http import HTTPStatus

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from county_portal.common.copying import _cell
from scoring.exports import results_workbook
from scoring.models import ResultLine
from scoring.origins import NOT_KEPT, Origin, Signed, origin_json, origin_of
from scoring.selectors.explained import count_explained, iterate_explained
from scoring.selectors.origins import read_origins
from tests.factories.people import signed_in
from tests.scoring.acts import CODES


def test_origin_comes_back_as_it_was_stored():
    origin = Origin(
        stated=Signed("王填报", "霸州市科技局", "2026-03-05"),
        provider=Signed("", "霸州市统计局"),
        items=3,
        files=2,
        confirmed=Signed("赵审核", "廊坊市科技局", "2026-04-02"),
    )

    assert origin_of(origin_json(origin)) == origin
    assert origin_of({}) == Origin()
    assert dict(origin.rows) == {
        "填报": "霸州市科技局王填报（2026年3月5日）",
        "数据提供": "霸州市统计局，未签字",
        "证明材料": "清单3项，其中2项附有材料",
        "市级审核": "廊坊市科技局赵审核（2026年4月2日）审核通过",
    }


def test_copied_json_keeps_quotes_and_new_lines():
    assert _cell({"minutes": '甲说"好"\n乙'}) == r'{"minutes": "甲说\\"好\\"\\n乙"}'


def test_every_line_is_explained_and_read_in_as_many_queries_for_one_as_for_all(run, reviewed):
    lines = list(iterate_explained(run))
    told = {(line.code, line.indicator.code): line for line in lines}

    assert count_explained(run) == len(lines) == len(CODES) * 17
    assert all(line.explained.is_complete for line in lines)
    strong = told["131081", "05"].explained
    assert strong.origin.stated is not None
    assert strong.origin.stated.name == "王填报"
    assert strong.origin.confirmed is not None
    assert (strong.origin.confirmed.name, strong.origin.confirmed.office) == (
        "赵审核",
        "廊坊市科技局",
    )
    assert strong.origin.handed_in is not None
    assert strong.origin.handed_in.name == "李负责"
    (judged,) = {line.explained.origin.experts for line in lines if line.indicator.code == "17"}
    assert judged == 1
    submissions = list(reviewed.submissions.all())
    counts = []
    for some in (submissions[:1], submissions):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read_origins(some)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_origin_does_not_move_the_digest_or_change_with_the_people(run, people):
    before = list(ResultLine.objects.order_by("pk").values_list("origin", flat=True))
    people.reviewer.display_name = "改名"
    people.reviewer.save(update_fields=["display_name"])

    assert list(ResultLine.objects.order_by("pk").values_list("origin", flat=True)) == before
    assert "origin" not in run.inputs
    assert "赵审核" not in run.inputs


def test_result_page_opens_each_line_without_script(people, run):
    page = signed_in(people.manager).get(
        reverse("scoring:result", args=[run.public_id, run.results.get(rank=1).region.public_id])
    )
    text = page.content.decode()

    assert text.count('<details class="line-steps">') == 17
    assert "廊坊市科技局赵审核" in text
    assert NOT_KEPT not in text


def test_workbook_has_a_row_for_every_line(run):
    book = openpyxl.load_workbook(io.BytesIO(results_workbook(run)), read_only=True)
    rows = list(book["逐项说明"].values)
    head = next(place for place, row in enumerate(rows) if row[0] == "区划代码")

    assert rows[head][7:12] == ("来源", "确认", "区间等依据", "计算", "得分")
    body = rows[head + 1 :]
    assert len(body) == len(CODES) * 17
    assert all(row[7].startswith("填报：") and "市级审核：" in row[8] and row[10] for row in body)


# Who comes in


@pytest.mark.parametrize("name", ["own_result", "own_statuses"])
def test_county_reads_its_own_published_result_and_nobody_elses(people, published, name):
    rows = {row.code: row.region.public_id for row in published.rows.select_related("region")}

    def status(person, code):
        url = reverse(f"scoring:{name}", args=[published.public_id, rows[code]])
        return signed_in(person).get(url).status_code

    assert status(people.lead, "131081") == HTTPStatus.OK
    assert status(people.reviewer, "131081") == HTTPStatus.OK
    assert status(people.manager, "130102") == HTTPStatus.OK
    assert status(people.lead, "130102") == HTTPStatus.NOT_FOUND
    assert status(people.reviewer, "130102") == HTTPStatus.NOT_FOUND
    assert status(people.expert, "131081") == HTTPStatus.FORBIDDEN


def test_draft_is_no_result_yet_for_a_county(people, drafted):
    region = drafted.rows.get(code="131081").region.public_id
    url = reverse("scoring:own_result", args=[drafted.public_id, region])

    assert signed_in(people.lead).get(url).status_code == HTTPStatus.NOT_FOUND


def test_lines_graded_before_origins_were_kept_say_so(people, run):
    assert origin_of({}).rows == []
    assert not origin_of({}).is_complete
