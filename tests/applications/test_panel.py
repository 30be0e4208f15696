"""The panel: criteria, assignments, conflicts of interest, opinions nobody sees too early."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from applications.actions.formal import (
    ByHand,
    Correction,
    FormalInput,
    pass_formally,
    send_back,
)
from applications.actions.moving import Wanted
from applications.actions.panel import (
    OpinionInput,
    assign_experts,
    declare_conflict,
    declare_no_conflict,
    give_opinion,
    set_criteria,
)
from applications.enums import Section, SheetState
from applications.models import Criterion, PanelScore, PanelSheet
from applications.rules.formal import BY_HAND
from applications.rules.panel import CriterionInput, spread_of
from applications.selectors.panels import list_opinions
from applications.selectors.selection import candidate_of
from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from tests.factories.people import make_person, signed_in
from tests.factories.pilots import recommended

FINE = {item.key: ByHand(is_met=True) for item in BY_HAND}


@pytest.fixture
def bazhou(call, province, people):
    row = recommended(call, province.bureaus["bazhou"])
    check = FormalInput(FINE)
    return pass_formally(actor=people.manager, application_id=row.public_id, check=check)


@pytest.fixture
def second(province):
    return make_person("hebei.expert2", Role.PROVINCE_EXPERT, province.office, "钱专家")


@pytest.fixture
def sheets(call, people, bazhou, second):
    """Both experts on 霸州: the first's sheet and the second's."""
    pairs = {(bazhou.public_id, each.public_id) for each in (people.expert, second)}
    assign_experts(actor=people.manager, round_id=call.public_id, pairs=pairs)
    return [PanelSheet.objects.get(expert=each) for each in (people.expert, second)]


def opinion(call, *points, comment="基础较好。"):
    criteria = Criterion.objects.filter(round=call).order_by("order")
    given = {each.public_id: Decimal(point) for each, point in zip(criteria, points, strict=True)}
    return OpinionInput(given, comment)


def give(sheet, call, *points, **words):
    declare_no_conflict(actor=sheet.expert, sheet_id=sheet.public_id)
    return give_opinion(
        actor=sheet.expert, sheet_id=sheet.public_id, opinion=opinion(call, *points, **words)
    )


def test_assigning_adopts_the_default_criteria_and_tells_the_experts(call, sheets, people):
    kept = Criterion.objects.filter(round=call).values_list("name", "maximum")

    assert list(kept) == [("基础条件", 40), ("带动作用", 30), ("实施方案", 30)]
    assert Notice.objects.filter(recipient=people.expert, kind="panel_assigned").count() == 1


def test_criteria_stand_once_an_opinion_is_given(call, sheets, people):
    own = [CriterionInput("创新基础", Decimal(60)), CriterionInput("带动作用", Decimal(40))]
    act = {"actor": people.manager, "round_id": call.public_id}
    set_criteria(**act, criteria=own)
    give(sheets[0], call, 50, 30)

    with pytest.raises(Stale) as refused:
        set_criteria(**act, criteria=own[:1])

    assert refused.value.code == "panel_begun"
    assert Criterion.objects.filter(round=call).count() == 2


@pytest.mark.parametrize(
    "criteria, code",
    [
        ([], "criteria_required"),
        ([CriterionInput("一", Decimal(1)), CriterionInput(" 一", Decimal(2))], "criterion_twice"),
    ],
)
def test_criteria_refused(call, people, criteria, code):
    with pytest.raises(Invalid) as refused:
        set_criteria(actor=people.manager, round_id=call.public_id, criteria=criteria)

    assert refused.value.code == code


def test_taking_back_an_assignment_keeps_what_was_given(call, sheets, people):
    give(sheets[0], call, 30, 20, 20)

    added, taken = assign_experts(actor=people.manager, round_id=call.public_id, pairs=set())

    assert (added, taken) == (0, 1)
    assert PanelSheet.objects.get().expert == people.expert


def test_only_admitted_applications_are_judged(call, people, province):
    row = recommended(call, province.bureaus["changan"])

    with pytest.raises(Invalid) as refused:
        assign_experts(
            actor=people.manager,
            round_id=call.public_id,
            pairs={(row.public_id, people.expert.public_id)},
        )

    assert refused.value.code == "assignment_unknown"


def test_what_a_colleague_assigned_meanwhile_stays(call, bazhou, second, people):
    act = {"actor": people.manager, "round_id": call.public_id}
    mine, theirs = ((bazhou.public_id, each.public_id) for each in (people.expert, second))
    assign_experts(**act, pairs={theirs}, seen=set())

    added, taken = assign_experts(**act, pairs={mine}, seen=set())

    assert (added, taken) == (1, 0)
    assert {each.expert for each in PanelSheet.objects.all()} == {people.expert, second}


def test_sheets_on_what_is_being_put_right_stay(call, sheets, bazhou, people, province):
    """Their application is off the page while it is put right, so that nobody unticked them."""
    give(sheets[0], call, 30, 20, 20)
    changan = pass_formally(
        actor=people.manager,
        application_id=recommended(call, province.bureaus["changan"]).public_id,
        check=FormalInput(FINE),
    )
    due_on = clock.today() + timedelta(days=9)
    wanted = [Wanted(Section.GOALS, "目标须量化。")]
    correction = Correction("请补正。", due_on, wanted)
    send_back(actor=people.manager, application_id=bazhou.public_id, correction=correction)

    pair = (changan.public_id, people.expert.public_id)
    assert assign_experts(actor=people.manager, round_id=call.public_id, pairs={pair}) == (1, 0)
    assert PanelSheet.objects.filter(application=bazhou).count() == 2


def test_who_had_a_hand_in_it_does_not_judge_it(call, bazhou, people):
    """Somebody of the county who became an expert since."""
    people.filler.role, people.filler.office = people.expert.role, people.expert.office
    people.filler.save()
    pairs = {(bazhou.public_id, people.filler.public_id)}

    with pytest.raises(Invalid) as refused:
        assign_experts(actor=people.manager, round_id=call.public_id, pairs=pairs)
    client = signed_in(people.manager)
    setup = reverse("applications:panel_setup", args=[call.public_id])
    url = reverse("applications:panel_assign", args=[call.public_id])
    typed = [f"{row}/{person}" for row, person in pairs]
    answer = client.post(url, {"pairs": typed})

    assert refused.value.code == "expert_involved"
    assert "参与过廊坊市霸州市申报材料" in refused.value.sentence
    assert not PanelSheet.objects.exists()
    assert answer.status_code == 422
    assert "取消勾选" in answer.content.decode()
    assert "参与过本件，应当回避" in client.get(setup).content.decode()


def test_a_reason_to_keep_away_found_in_the_materials(call, sheets, people):
    client = signed_in(people.expert)
    url = reverse("applications:panel_sheet", args=[sheets[0].public_id])
    client.post(url, {"answer": "none"})
    assert "发现需要回避的情形" in client.get(url).content.decode()

    answer = client.post(f"{url}?declare=1", {"answer": "conflict", "reason": "列为技术负责人。"})

    assert answer.status_code == 302
    sheets[0].refresh_from_db()
    assert (sheets[0].state, sheets[0].conflict) == (SheetState.CONFLICTED, "列为技术负责人。")


def test_no_opinion_before_the_declaration(call, sheets):
    with pytest.raises(Stale) as refused:
        give_opinion(
            actor=sheets[0].expert,
            sheet_id=sheets[0].public_id,
            opinion=opinion(call, 30, 20, 20),
        )

    assert refused.value.code == "conflict_undeclared"


def test_a_conflict_closes_the_sheet_and_tells_the_manager(call, sheets, people):
    sheet = sheets[0]
    with pytest.raises(Invalid):
        declare_conflict(actor=people.expert, sheet_id=sheet.public_id, reason=" ")

    declare_conflict(actor=people.expert, sheet_id=sheet.public_id, reason="参与编制实施方案。")

    sheet.refresh_from_db()
    assert sheet.state == SheetState.CONFLICTED
    told = Notice.objects.get(kind="panel_conflict")
    assert (told.recipient, told.body) == (people.manager, "参与编制实施方案。")
    with pytest.raises(Stale):
        give_opinion(
            actor=people.expert, sheet_id=sheet.public_id, opinion=opinion(call, 30, 20, 20)
        )


@pytest.mark.parametrize(
    "points, code",
    [
        ((41, 20, 20), "score_out_of_range"),
        ((-1, 20, 20), "score_out_of_range"),
        (("30.005", 20, 20), "score_too_fine"),
    ],
)
def test_points_out_of_range(call, sheets, points, code):
    with pytest.raises(Invalid) as refused:
        give(sheets[0], call, *points)

    assert refused.value.code == code
    assert not PanelScore.objects.exists()


def test_a_blank_comment_changes_nothing(call, sheets):
    with pytest.raises(Invalid):
        give(sheets[0], call, 30, 20, 20, comment="  ")

    assert not PanelScore.objects.exists()
    assert PanelSheet.objects.filter(state=SheetState.GIVEN).count() == 0


def test_criteria_that_changed_under_the_page(call, sheets, people):
    stale = opinion(call, 30, 20, 20)
    declare_no_conflict(actor=people.expert, sheet_id=sheets[0].public_id)
    only = [CriterionInput("总体", Decimal(100))]
    set_criteria(actor=people.manager, round_id=call.public_id, criteria=only)

    with pytest.raises(Stale) as refused:
        give_opinion(actor=people.expert, sheet_id=sheets[0].public_id, opinion=stale)

    assert refused.value.code == "criteria_changed"


def test_an_opinion_may_be_changed(call, sheets):
    give(sheets[0], call, 30, 20, 20)
    give(sheets[0], call, "35.5", 20, 20)

    assert sorted(PanelScore.objects.values_list("score", flat=True)) == [20, 20, Decimal("35.5")]


def test_nobody_sees_anothers_before_giving_his_own(call, sheets, bazhou, second, people):
    give(sheets[0], call, 33, 22, 11, comment="首位专家的意见")

    assert list_opinions(second, bazhou) == []
    page = signed_in(second).get(reverse("applications:panel_sheet", args=[sheets[1].public_id]))
    assert "首位专家的意见" not in page.content.decode()

    give(sheets[1], call, 20, 20, 20)

    seen = signed_in(second).get(reverse("applications:panel_sheet", args=[sheets[1].public_id]))
    assert "首位专家的意见" in seen.content.decode()
    assert people.expert.display_name not in seen.context["others"][0].sheet.comment


def test_experts_reach_neither_the_comparison_nor_its_workbook(call, sheets, second):
    give(sheets[0], call, 33, 22, 11)
    client = signed_in(second)

    for name in ("selection", "selection_export", "panel_setup"):
        url = reverse(f"applications:{name}", args=[call.public_id])
        assert client.get(url).status_code == 403, name
    url = reverse("applications:candidate", args=[sheets[0].application.public_id])
    assert client.get(url).status_code == 403


def test_one_opinion_has_no_spread():
    alone = spread_of("合计", Decimal(100), [Decimal("79.5")], Decimal("0.15"))
    assert (alone.mean, alone.spread, alone.is_wide) == (Decimal("79.50"), None, False)


def test_a_sheet_not_given_shows_nowhere(call, sheets, bazhou, people):
    """Even points that lie in the table already, were there any, are not told of before the sheet is given."""
    give(sheets[0], call, 33, 22, 11)
    sheet = sheets[1]
    for criterion in Criterion.objects.filter(round=call):
        PanelScore.objects.create(sheet=sheet, criterion=criterion, score=1)

    client = signed_in(people.manager)
    found = candidate_of(bazhou)
    assert (found.panel.given, found.panel.total.mean) == (1, Decimal(66))
    url = reverse("applications:selection_export", args=[call.public_id])
    row = next(
        iter(
            load_workbook(BytesIO(client.get(url).content)).active.iter_rows(
                min_row=4, values_only=True
            )
        )
    )
    assert row[8:13] == (1, 33, 22, 11, 66)
    page = client.get(reverse("applications:candidate", args=[bazhou.public_id]))
    assert len(page.context["opinions"]) == 1


def test_anothers_sheet_is_not_found(call, sheets, second, people):
    for who in (second, people.manager):
        url = reverse("applications:panel_sheet", args=[sheets[0].public_id])
        assert signed_in(who).get(url).status_code == (404 if who == second else 403)


def test_who_may_assign(call, bazhou, people):
    for who in (people.publisher, people.checker):
        with pytest.raises(NotAllowed):
            assign_experts(actor=who, round_id=call.public_id, pairs=set())


def test_the_experts_way_through_the_browser(call, sheets, people):
    client = signed_in(people.expert)
    url = reverse("applications:panel_sheet", args=[sheets[0].public_id])
    file = reverse("applications:panel_file", args=[sheets[0].public_id, "0" * 64])

    assert "霸州市" in client.get(reverse("applications:panel")).content.decode()
    assert "利益冲突声明" in client.get(url).content.decode()
    assert client.post(url, {"answer": ""}).status_code == 422
    assert client.post(url, {"answer": "conflict", "reason": " "}).status_code == 422
    assert client.post(url, {"answer": "none"}).status_code == 302
    page = client.get(url)
    assert "高新技术企业数量" in page.content.decode()
    assert "最近一次监测评价" in page.content.decode()
    document = page.context["materials"].materials.document
    assert client.get(file).status_code == 404
    assert client.get(file.replace("0" * 64, document.sha256)).status_code == 200

    fields = {f"points-{each.public_id}": "20" for each in Criterion.objects.filter(round=call)}
    first = next(iter(fields))
    for wrong in ({first: "41"}, {first: "abc"}, {first: ""}, {"comment": " "}):
        answer = client.post(url, {**fields, "comment": "可行。", **wrong})
        assert answer.status_code == 422, wrong
    assert client.post(url, {**fields, "comment": "可行。"}).status_code == 302
    assert "其他专家的意见" in client.get(url).content.decode()


def test_files_stay_closed_before_the_declaration(call, sheets, people):
    document = sheets[0].application.government_document
    url = reverse("applications:panel_file", args=[sheets[0].public_id, document.file.sha256])

    assert signed_in(people.expert).get(url).status_code == 404


def test_the_set_up_in_the_browser(call, bazhou, people, second):
    client = signed_in(people.manager)
    page = reverse("applications:panel_setup", args=[call.public_id])
    assert "基础条件" in client.get(page).content.decode()
    typed = {"name-1": "创新基础", "maximum-1": "60", "name-2": "带动作用", "maximum-2": "40"}
    url = reverse("applications:panel_criteria", args=[call.public_id])
    for wrong in ({"maximum-1": "0"}, {"maximum-1": "x"}, {"name-2": "创新基础"}, {"name-1": ""}):
        assert client.post(url, {**typed, **wrong}).status_code == 422, wrong
    assert client.post(url, typed).status_code == 302

    url = reverse("applications:panel_assign", args=[call.public_id])
    client.post(url, {"pairs": [f"{bazhou.public_id}/{second.public_id}"]})
    client.post(url, {"pairs": ["nonsense"]})

    assert PanelSheet.objects.get().expert == second
    assert "待评审" in client.get(page).content.decode()
