"""The life of a version: begun, edited, tested, locked by a second person; who may, and what a stale page does."""

import json

import pytest
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from scoring.actions.golden_cases import add_case, remove_case
from scoring.actions.scheme_drafts import (
    DraftKey,
    begin_version,
    discard_version,
    edit_version,
    lock_version,
)
from scoring.actions.scheme_drafts import test_version as put_to_test
from scoring.actions.schemes import import_scheme
from scoring.enums import SchemeState
from scoring.models import SchemeVersion
from scoring.schemes.documents import (
    GeneralEdit,
    IndicatorEdit,
    MoveEdit,
    RemovalEdit,
    ReplacementEdit,
    read_document,
)
from scoring.schemes.source_cases import read_source_cases
from scoring.selectors.runs import list_scheme_versions
from scoring.selectors.scheme_checks import check_version, run_golden_cases
from scoring.selectors.schemes import get_version, list_cases, list_overview


@pytest.fixture
def draft(people, scheme):
    """Begun from the shipped version by the manager."""
    return begin_version(actor=people.manager, based_on=scheme.public_id, note="试拟。")


def key_of(version):
    return DraftKey(version.public_id, SchemeVersion.objects.get(pk=version.pk).revision)


def edit(people, version, change):
    return edit_version(actor=people.manager, key=key_of(version), edit=change)


def row(version, position):
    return read_document(version.document)["indicators"][position]


def acts():
    return list(Event.objects.filter(kind="scheme_version").values_list("act", flat=True))


def test_the_shipped_version_comes_with_its_cases_once(scheme, version):
    again = import_scheme("hebei", version.system)

    assert again == scheme
    assert [case.name for case in list_cases(scheme)] == [
        "霸州市2018",
        "霸州市2019",
        "霸州市2020目标",
    ]
    assert all(outcome.is_right for outcome in run_golden_cases(scheme))


def test_a_version_loaded_before_cases_were_shipped_gets_them(version, scheme):
    SchemeVersion.objects.filter(pk=scheme.pk)
    bare = import_scheme("hebei", version.system)
    assert bare.golden_cases.count() == len(read_source_cases("hebei"))


def test_a_draft_begins_with_text_and_cases_of_the_locked_version(draft, scheme):
    assert (draft.number, draft.state, draft.based_on) == (2, SchemeState.DRAFT, scheme)
    assert draft.document == scheme.document
    assert [case.figures for case in list_cases(draft)] == [
        case.figures for case in list_cases(scheme)
    ]
    assert acts() == ["import_scheme", "begin_scheme_version"]


def test_one_version_in_preparation_and_only_from_a_locked_one(people, draft, scheme):
    with pytest.raises(Stale) as second:
        begin_version(actor=people.manager, based_on=scheme.public_id)
    with pytest.raises(Invalid) as from_draft:
        begin_version(actor=people.manager, based_on=draft.public_id)

    assert second.value.code == "version_in_preparation"
    assert "陈管理" in second.value.sentence
    assert from_draft.value.code == "version_not_locked"


def test_an_edit_is_saved_and_told_in_words(people, draft):
    changed = {**row(draft, 0), "weight": "6"}

    saved = edit(people, draft, IndicatorEdit(changed, 0))

    assert saved.revision == 1
    assert row(saved, 0)["weight"] == "6"
    event = Event.objects.get(act="edit_scheme_indicator")
    assert event.detail["changes"] == ["指标“地方财政科技支出”（01）的权重：由“5”改为“6”"]


def test_an_edit_that_changes_nothing_writes_nothing(people, draft):
    saved = edit(people, draft, IndicatorEdit(row(draft, 0), 0))

    assert saved.revision == 0
    assert "edit_scheme_indicator" not in acts()


def test_a_stale_page_is_refused_and_changes_nothing(people, draft):
    stale = key_of(draft)
    edit(people, draft, IndicatorEdit({**row(draft, 0), "weight": "6"}, 0))

    for act in (
        lambda: edit_version(actor=people.manager, key=stale, edit=RemovalEdit(0)),
        lambda: put_to_test(actor=people.manager, key=stale),
        lambda: discard_version(actor=people.manager, key=stale),
        lambda: remove_case(
            actor=people.manager, key=stale, case_id=list_cases(draft)[0].public_id
        ),
    ):
        with pytest.raises(Stale) as refusal:
            act()
        assert refusal.value.code == "version_changed"
    draft.refresh_from_db()
    assert (draft.revision, len(read_document(draft.document)["indicators"])) == (1, 17)


def test_removed_moved_and_added_again(people, draft):
    first = row(draft, 0)
    edit(people, draft, RemovalEdit(0))
    edit(people, draft, IndicatorEdit(first))
    saved = edit(people, draft, MoveEdit(16, -1))

    codes = [each["code"] for each in read_document(saved.document)["indicators"]]
    assert codes[-2:] == ["01", "17"]
    with pytest.raises(Invalid) as twice:
        edit(people, draft, IndicatorEdit(first))
    assert twice.value.code == "indicator_listed"


def test_an_edit_finds_its_indicator_where_a_colleague_moved_it(people, draft):
    second = {**row(draft, 1), "weight": "9"}
    edit(people, draft, MoveEdit(1, -1))

    saved = edit(people, draft, IndicatorEdit(second, 1))

    assert [row(saved, i)["code"] for i in (0, 1)] == ["02", "01"]
    assert row(saved, 0)["weight"] == "9"


def test_what_is_no_scheme_document_is_refused(people, draft):
    with pytest.raises(Invalid):
        edit(people, draft, GeneralEdit({"rounding": {"places": 99, "mode": "ROUND_HALF_UP"}}))

    draft.refresh_from_db()
    assert draft.revision == 0


def test_faults_are_listed_all_at_once_with_their_indicator(people, draft):
    document = read_document(draft.document)
    document["indicators"][0]["weight"] = "6"
    document["indicators"][2]["rule"]["bands"][1]["from"] = "0.6"
    document["indicators"][3]["code"] = "99"
    saved = edit(people, draft, ReplacementEdit(document))

    problems = [each for each in check_version(saved) if not each.is_warning]

    assert {each.position for each in problems} >= {2, 3}
    assert {"indicator-not-in-system", "bands-not-adjacent"} <= {each.code for each in problems}
    assert any("100" in each.sentence for each in problems)


def test_a_rule_must_fit_how_the_figure_is_filled(people, draft):
    strange = {**row(draft, 0), "rule": row(draft, 16)["rule"], "weight": "5"}
    saved = edit(people, draft, IndicatorEdit(strange, 0))

    (problem,) = [each for each in check_version(saved) if each.code == "rule-does-not-fit"]
    assert problem.position == 0
    assert "评审打分" in problem.sentence


def test_tested_then_edited_is_a_draft_again(people, draft):
    outcomes = put_to_test(actor=people.manager, key=key_of(draft))
    draft.refresh_from_db()
    assert (draft.state, len(outcomes)) == (SchemeState.TESTED, 3)
    assert draft.tested_at is not None

    saved = edit(people, draft, GeneralEdit({"title": "新的名称"}))

    assert (saved.state, saved.tested_at) == (SchemeState.DRAFT, None)


def test_a_faulty_version_or_one_that_scores_otherwise_is_not_tested(people, draft):
    document = read_document(draft.document)
    bands = document["indicators"][3]["rule"]["bands"]
    bands[1]["points_to"] = bands[2]["points_from"] = "7"
    edit(people, draft, ReplacementEdit(document))
    with pytest.raises(Invalid) as wrong:
        put_to_test(actor=people.manager, key=key_of(draft))
    assert wrong.value.code == "golden_cases_fail"
    assert "“霸州市2018”的“每万家企业法人中高新技术企业数”" in wrong.value.sentence or (
        "霸州市2018" in wrong.value.sentence and "应得6.8，算得6.20" in wrong.value.sentence
    )

    edit(people, draft, IndicatorEdit({**row(draft, 0), "weight": "6"}, 0))
    with pytest.raises(Invalid) as faulty:
        put_to_test(actor=people.manager, key=key_of(draft))
    assert faulty.value.code == "scheme_faulty"
    draft.refresh_from_db()
    assert draft.state == SchemeState.DRAFT


def test_without_cases_nothing_is_tested(people, draft):
    for case in list_cases(draft):
        remove_case(actor=people.manager, key=key_of(draft), case_id=case.public_id)

    with pytest.raises(Invalid) as refusal:
        put_to_test(actor=people.manager, key=key_of(draft))

    assert refusal.value.code == "no_golden_cases"


def test_locked_by_a_second_person_then_used_and_never_changed(people, draft, version):
    with pytest.raises(Stale) as untested:
        lock_version(actor=people.checker, key=key_of(draft))
    assert untested.value.code == "version_not_tested"
    put_to_test(actor=people.manager, key=key_of(draft))
    with pytest.raises(NotAllowed):
        lock_version(actor=people.manager, key=key_of(draft))
    assert draft not in list_scheme_versions(version.system_id)

    locked = lock_version(actor=people.checker, key=key_of(draft))

    assert (locked.state, locked.locked_by) == (SchemeState.LOCKED, people.checker)
    assert list_scheme_versions(version.system_id).first() == locked
    with pytest.raises(Stale) as closed:
        edit(people, locked, RemovalEdit(0))
    assert closed.value.code == "version_locked"


def test_the_author_may_not_lock_even_with_the_right_to(people, scheme, draft):
    put_to_test(actor=people.manager, key=key_of(draft))
    SchemeVersion.objects.filter(pk=draft.pk).update(created_by=people.checker)

    with pytest.raises(NotAllowed) as refusal:
        lock_version(actor=people.checker, key=key_of(draft))

    assert refusal.value.code == "own_version"


def test_given_up_it_is_gone_and_another_may_begin(people, draft, scheme):
    discard_version(actor=people.manager, key=key_of(draft))

    assert not SchemeVersion.objects.filter(pk=draft.pk).exists()
    assert begin_version(actor=people.manager, based_on=scheme.public_id).number == 2
    assert acts()[-2:] == ["discard_scheme_version", "begin_scheme_version"]


def test_cases_have_names_and_expectations_of_their_own(people, draft):
    case = read_source_cases("hebei")[0]

    with pytest.raises(Invalid) as twice:
        add_case(actor=people.manager, key=key_of(draft), case=case)

    assert twice.value.code == "case_name_used"


def test_only_those_of_the_province_reach_a_version(people, draft):
    for person in (people.lead, people.reviewer, people.expert):
        with pytest.raises(Http404):
            get_version(person, draft.public_id)
        assert list_overview(person) == []
    for person in (people.checker, people.publisher):
        with pytest.raises(NotAllowed):
            edit_version(actor=person, key=key_of(draft), edit=RemovalEdit(0))


def test_the_digest_is_of_the_text(people, draft):
    saved = edit(people, draft, GeneralEdit({"title": "另一名称"}))

    assert json.loads(saved.document)["title"] == "另一名称"
    assert saved.sha256 == __import__("hashlib").sha256(saved.document.encode()).hexdigest()


def test_overview_costs_one_query(people, draft, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = list_overview(people.manager)
        assert [(str(each), each.case_count) for each in rows] == [
            (str(draft), 3),
            (str(draft.based_on), 3),
        ]


def test_checking_costs_two_queries(draft, django_assert_num_queries):
    draft.scheme.system  # noqa: B018 -- fetched beforehand, as the page has it
    with django_assert_num_queries(2):
        check_version(draft)
