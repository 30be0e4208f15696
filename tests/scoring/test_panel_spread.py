"""Panels: how far members lie apart, whose names are shown when, and the one score they agreed on."""

import json
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.jobs import runner
from scoring.actions.panel import Agreement, record_agreed
from scoring.engine.codec import scheme_bytes, scheme_from_bytes, sha256
from scoring.models import AgreedScore, GradingRun, ResultLine, SchemeVersion
from scoring.panel_spread import county_spread
from scoring.selectors.panel import list_panel_indicators
from scoring.selectors.panel_spread import read_panel_spread
from tests.factories.people import make_person, signed_in
from tests.scoring.acts import CODES, grade, score, start

FIVE = Decimal(5)


def test_a_score_beside_the_others_is_marked_and_order_gives_no_name_away():
    spread = county_spread([("乙", Decimal("4.5")), ("甲", Decimal(1)), ("丙", Decimal(4))], FIVE)

    assert [(given.name, given.is_far) for given in spread.given] == [
        ("甲", True),
        ("丙", False),
        ("乙", False),
    ]
    assert (spread.median, spread.distance) == (Decimal(4), Decimal("3.5"))


@pytest.mark.parametrize(
    ("scores", "far"),
    [
        ([], False),
        (["5"], False),
        (["0", "5"], False),
        (["3", "3", "4.25"], False),
        (["3", "3", "4.26"], True),
    ],
)
def test_a_quarter_of_full_marks_is_far(scores, far):
    assert county_spread([("", Decimal(each)) for each in scores], FIVE).is_far is far


@pytest.fixture
def indicator(reviewed):
    (found,) = list_panel_indicators([reviewed])
    return found


@pytest.fixture
def agreeing(scheme):
    """A newer version of the scheme, whose panel agrees on one score."""
    document = json.loads(scheme.document)
    for row in document["indicators"]:
        if row["rule"]["kind"] == "panel":
            row["rule"]["method"] = "agreed"
    content = scheme_bytes(scheme_from_bytes(json.dumps(document).encode()))
    return SchemeVersion.objects.create(
        scheme=scheme.scheme,
        number=scheme.number + 1,
        state="locked",
        document=content.decode(),
        sha256=sha256(content),
    )


def agreement(reviewed, code="131081", points="3.5", minutes="2026年5月6日评议会。", seen=0):
    submission = reviewed.submissions.get(region__code=code)
    return Agreement(submission.public_id, Decimal(points), minutes, seen)


def test_names_are_hidden_until_all_have_given(people, reviewed, scheme, indicator, province):
    other = make_person("hebei.expert2", people.expert.role, province.office, "钱专家")
    score(people.expert, reviewed, "5")
    score(other, reviewed, "1", codes=CODES[:1])
    url = reverse("scoring:panel_spread", args=[reviewed.public_id, indicator.code])

    before = read_panel_spread(reviewed, indicator)
    hidden = signed_in(people.manager).get(url).content.decode()
    score(other, reviewed, "4")
    after = read_panel_spread(reviewed, indicator)

    assert not before.names_shown
    assert {given.name for row in before.rows for given in row.spread.given} == {""}
    assert {member.name: member.waiting for member in before.members}["钱专家"] == len(CODES) - 1
    assert "专家姓名暂不显示" in hidden
    assert after.names_shown
    assert after.rows[0].spread.given[0].name == "钱专家"


def test_spread_asks_as_much_for_one_county_as_for_all(people, reviewed, scheme, indicator):
    score(people.expert, reviewed)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            read_panel_spread(reviewed, indicator)
        counts.append(len(queries))
        reviewed.submissions.exclude(region__code="131081").update(state="draft")

    assert counts[0] == counts[1] <= 7


def test_agreed_score_is_recorded_kept_and_graded(people, reviewed, agreeing, indicator, province):
    other = make_person("hebei.expert2", people.expert.role, province.office)
    score(people.expert, reviewed, "5")
    score(other, reviewed, "1")
    for seen, code in enumerate(CODES):
        made = record_agreed(
            actor=people.manager,
            collection=reviewed,
            indicator=indicator,
            agreement=agreement(reviewed, code, seen=seen),
        )
    again = agreement(reviewed, points="3.25", minutes="更正登记。", seen=len(CODES))
    record_agreed(actor=people.manager, collection=reviewed, indicator=indicator, agreement=again)

    run = grade(people, reviewed, agreeing)

    assert made.minutes == "2026年5月6日评议会。"
    assert AgreedScore.objects.count() == len(CODES) + 1
    assert Event.objects.filter(act="record_agreed").count() == len(CODES) + 1
    scores = ResultLine.objects.filter(result__run=run, indicator_code=indicator.code)
    by_code = dict(scores.values_list("result__region__code", "score"))
    assert by_code == {code: Decimal("3.50") for code in CODES} | {"131081": Decimal("3.25")}
    line = scores.get(result__region__code="131081")
    assert line.origin["minutes"] == "更正登记。"
    assert line.origin["experts"] == 2


def test_a_panel_that_has_not_agreed_stops_the_grading(people, reviewed, agreeing, province):
    other = make_person("hebei.expert2", people.expert.role, province.office)
    score(people.expert, reviewed, "5")
    score(other, reviewed, "1")
    run = start(people, reviewed, agreeing)

    runner.work(run.job.pk)

    run.job.refresh_from_db()
    assert GradingRun.objects.get(pk=run.pk).state == "failed"
    assert "议定得分" in run.job.error


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minutes": " 　"}, "minutes_required"),
        ({"points": "5.01"}, "score_out_of_range"),
        ({"points": "-1"}, "score_out_of_range"),
        ({"points": "NaN"}, "score_out_of_range"),
        ({"code": "130181"}, "nobody_scored_yet"),
    ],
)
def test_agreements_that_cannot_be_change_nothing(
    people, reviewed, agreeing, indicator, change, code
):
    score(people.expert, reviewed, codes=CODES[:1])

    with pytest.raises(Invalid, match=code):
        record_agreed(
            actor=people.manager,
            collection=reviewed,
            indicator=indicator,
            agreement=agreement(reviewed, **change),
        )
    assert not AgreedScore.objects.exists()


def test_agreement_by_nobody_else_not_twice_and_not_against_the_scheme(
    people, reviewed, scheme, indicator, request
):
    score(people.expert, reviewed)

    def record(actor):
        return record_agreed(
            actor=actor, collection=reviewed, indicator=indicator, agreement=agreement(reviewed)
        )

    with pytest.raises(Invalid, match="panel_takes_no_agreement"):
        record(people.manager)
    request.getfixturevalue("agreeing")
    with pytest.raises(NotAllowed):
        record(people.expert)
    record(people.manager)
    with pytest.raises(Stale, match="agreed_since"):
        record(people.manager)


def test_pages_of_the_panel(people, reviewed, agreeing, indicator):
    score(people.expert, reviewed)
    manager = signed_in(people.manager)
    url = reverse("scoring:panel_agree", args=[reviewed.public_id, indicator.code])
    county = str(reviewed.submissions.get(region__code="131081").public_id)
    answer = {"county": county, "score": "4.2", "minutes": "评议会一致意见。", "seen": "0"}

    blank = manager.post(url, {**answer, "minutes": "  "})
    wrong = manager.post(url, {**answer, "score": "9"})
    done = manager.post(url, answer)
    stale = manager.post(url, answer)

    assert blank.status_code == wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert done.status_code == HTTPStatus.FOUND
    assert stale.status_code == HTTPStatus.CONFLICT
    assert AgreedScore.objects.count() == 1
    page = manager.get(reverse("scoring:panel_spread", args=[reviewed.public_id, indicator.code]))
    assert "评议会一致意见。" in page.content.decode()
    assert manager.get(reverse("scoring:panels")).status_code == HTTPStatus.OK
    assert signed_in(people.checker).get(url).status_code == HTTPStatus.FORBIDDEN
    assert (
        "集体议定"
        in signed_in(people.expert)
        .get(reverse("scoring:panel_sheet", args=[reviewed.public_id, indicator.code]))
        .content.decode()
    )
