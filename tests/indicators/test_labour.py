"""The division of labour: given out, filled by departments, signed, voided, urged, asked for at submission."""

from datetime import timedelta

import pytest
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from indicators.actions.filling import CellEdit, save_cells, save_values
from indicators.actions.labour import (
    AssignmentInput,
    divide,
    divide_by_default,
    sign_figures,
    urge,
)
from indicators.models import Assignment
from indicators.rules import CellFigure, CellInput, read_cell, typed_of
from indicators.rules.labour import Department, department_for, signed_digest
from indicators.selectors import figure_of, get_indicator, get_submission, spec_of
from indicators.selectors.labour import (
    count_division,
    list_late_departments,
    list_provided,
    read_provided,
)
from tests.common.committed import in_threads
from tests.factories.sheets import ANSWERS, explain_warnings, fill_whole, fresh, move


def in_days(days):
    return clock.today() + timedelta(days=days)


def give(people, submission, office, *codes, days=5):
    wanted = [AssignmentInput(code, office, in_days(days)) for code in codes]
    return divide(actor=people.filler, submission_id=submission.public_id, wanted=wanted)


def take_back(people, submission, *codes):
    wanted = [AssignmentInput(code) for code in codes]
    return divide(actor=people.filler, submission_id=submission.public_id, wanted=wanted)


def write(actor, submission, code, typed):
    indicator = get_indicator(submission, code)
    value = submission.values.filter(indicator=indicator).first()
    base = typed_of(figure_of(value) if value else None).fingerprint
    edit = CellEdit(code, base, read_cell(spec_of(indicator), typed)[0])
    return save_cells(actor=actor, submission_id=submission.public_id, edits=[edit])


def seen(submission, *codes):
    values = {row.indicator.code: row for row in submission.values.select_related("indicator")}
    return {code: signed_digest(figure_of(values[code])) for code in codes}


def sign(actor, submission, *codes):
    return sign_figures(
        actor=actor, submission_id=submission.public_id, seen=seen(submission, *codes)
    )


def assignment(submission, code):
    return Assignment.objects.get(submission=submission, indicator__code=code)


@pytest.fixture
def finance(province):
    return province.providers["finance"]


@pytest.fixture
def statistics(province):
    return province.providers["statistics"]


# --- giving out ----------------------------------------------------------------------------------


def test_a_line_is_given_out_and_the_department_is_told(submission, people, finance):
    result = give(people, submission, finance, "01", "02")

    assert (result.given, result.taken) == (2, 0)
    row = assignment(submission, "01")
    assert (row.office, row.due_on, row.assigned_by) == (finance, in_days(5), people.filler)
    (notice,) = Notice.objects.filter(recipient=people.provider)
    assert "2项" in notice.title
    assert notice.path == f"/indicators/provide/{submission.public_id}/"
    assert not Notice.objects.filter(recipient=people.statistician).exists()
    event = Event.objects.get(act="divide_submission")
    assert event.detail["01"] == [
        None,
        {"office": finance.name, "due_on": in_days(5).isoformat()},
    ]


def test_giving_out_the_same_again_changes_nothing(submission, people, finance):
    give(people, submission, finance, "01")

    result = give(people, submission, finance, "01")

    assert (result.given, result.taken) == (0, 0)
    assert Event.objects.filter(act="divide_submission").count() == 1


def test_a_line_is_taken_back(submission, people, finance):
    give(people, submission, finance, "01")

    assert take_back(people, submission, "01", "02").taken == 1
    assert not Assignment.objects.exists()
    with pytest.raises(Http404):
        write(people.provider, submission, "01", ANSWERS["01"])


@pytest.mark.parametrize(
    "days, code", [(21, "due_after_county"), (-1, "due_date_past"), (None, "due_date_required")]
)
def test_the_departments_day_lies_between_today_and_the_countys(
    submission, people, finance, days, code
):
    day = None if days is None else in_days(days)

    with pytest.raises(Invalid) as refused:
        divide(
            actor=people.filler,
            submission_id=submission.public_id,
            wanted=[AssignmentInput("01", finance, day)],
        )

    assert refused.value.code == code
    assert not Assignment.objects.exists()


def test_only_the_countys_own_departments_are_given_anything(submission, people, province):
    with pytest.raises(Invalid) as refused:
        give(people, submission, province.bureaus["changan"], "01")

    assert refused.value.code == "provider_unknown"


@pytest.mark.parametrize(
    "who, error", [("lead", NotAllowed), ("provider", Http404), ("changan_lead", Http404)]
)
def test_only_the_filler_divides(submission, people, finance, who, error):
    with pytest.raises(error):
        divide(
            actor=getattr(people, who),
            submission_id=submission.public_id,
            wanted=[AssignmentInput("01", finance, in_days(5))],
        )


def test_the_systems_own_division_leaves_what_is_given_and_what_is_the_bureaus(
    submission, people, finance, statistics
):
    give(people, submission, statistics, "01")

    divide_by_default(actor=people.filler, submission_id=submission.public_id, due_on=in_days(9))

    offices = {
        row.indicator.code: row.office.short_name
        for row in submission.assignments.select_related("indicator", "office")
    }
    assert offices["01"] == statistics.short_name
    assert offices["02"] == finance.short_name
    assert offices["03"] == statistics.short_name
    assert "04" not in offices


@pytest.mark.parametrize(
    "providers, found",
    [
        (["财政局"], 1),
        (["农业农村局", "统计局"], 2),
        (["科技局", "统计局"], None),
        (["税务局"], None),
        ([], None),
    ],
)
def test_department_by_the_name_the_system_uses(providers, found):
    known = [Department(1, "霸州市财政局", "霸州市财政局"), Department(2, "霸州市统计局", "统计局")]

    department = department_for(providers, known)

    assert (department and department.key) == found


# --- a department fills --------------------------------------------------------------------------


def test_a_department_writes_its_own_line_and_no_other(submission, people, finance, statistics):
    give(people, submission, finance, "01")
    give(people, submission, statistics, "03")

    write(people.provider, submission, "01", ANSWERS["01"])
    with pytest.raises(NotAllowed) as refused:
        write(people.provider, submission, "03", ANSWERS["03"])

    assert refused.value.code == "not_assigned"
    assert [row.indicator.code for row in submission.values.select_related("indicator")] == ["01"]
    assert submission.values.get().updated_by == people.provider


def test_one_foreign_cell_among_ones_own_writes_nothing(submission, people, finance):
    give(people, submission, finance, "01")
    edits = [
        CellEdit(code, CellInput().fingerprint, CellFigure(text="1", number=1))
        for code in ("01", "04")
    ]

    with pytest.raises(NotAllowed):
        save_cells(actor=people.provider, submission_id=submission.public_id, edits=edits)

    assert not submission.values.exists()


def test_a_department_neither_saves_the_sheet_nor_sees_it(submission, people, finance):
    give(people, submission, finance, "01")

    with pytest.raises(Http404):
        save_values(
            actor=people.provider, submission_id=submission.public_id, revision=0, figures={}
        )
    with pytest.raises(Http404):
        get_submission(people.provider, submission.public_id)
    lines = read_provided(people.provider, submission)
    assert [line.row.spec.code for line in lines] == ["01"]
    assert list_provided(people.statistician) == []


def test_after_submission_a_department_writes_nothing(submission, people, finance):
    give(people, submission, finance, "01")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    sign(people.provider, submission, "01")
    move(people.lead, submission, "submit")

    with pytest.raises(Stale) as refused:
        write(people.provider, submission, "01", CellInput("1"))

    assert refused.value.code == "not_editable"


# --- signatures ----------------------------------------------------------------------------------


def test_a_figure_is_signed_once(submission, people, finance):
    give(people, submission, finance, "01")
    write(people.provider, submission, "01", ANSWERS["01"])

    assert sign(people.provider, submission, "01") == 1
    assert sign(people.provider, submission, "01") == 0

    row = assignment(submission, "01")
    assert (row.signed_by, len(row.signed_figure)) == (people.provider, 64)
    assert Event.objects.filter(act="sign_figures").count() == 1
    assert count_division(submission).signed == 1


def test_a_blank_line_is_not_signed(submission, people, finance):
    give(people, submission, finance, "01")

    with pytest.raises(Invalid) as refused:
        sign_figures(
            actor=people.provider,
            submission_id=submission.public_id,
            seen={"01": signed_digest(CellFigure())},
        )

    assert refused.value.code == "figure_blank"


def test_another_departments_line_is_not_signed(submission, people, finance, statistics):
    give(people, submission, finance, "01")
    give(people, submission, statistics, "03")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)

    with pytest.raises(Invalid):
        sign(people.provider, submission, "01", "03")

    assert count_division(submission).signed == 0


def test_whoever_provides_nothing_signs_nothing(submission, people, finance):
    give(people, submission, finance, "01")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)

    with pytest.raises(NotAllowed):
        sign(people.filler, submission, "01")
    with pytest.raises(Http404):
        sign(people.statistician, submission, "01")


@pytest.mark.parametrize("who", ["filler", "provider"])
def test_a_later_change_voids_the_signature_whoever_makes_it(submission, people, finance, who):
    give(people, submission, finance, "01", "02")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    sign(people.provider, submission, "01", "02")

    write(getattr(people, who), submission, "01", CellInput("7,351.21"))

    first, second = assignment(submission, "01"), assignment(submission, "02")
    assert (first.signed_by, first.signed_at, first.signed_figure) == (None, None, "")
    assert second.signed_by == people.provider
    assert Event.objects.get(act="void_signatures").detail == {"01": finance.name}
    told = Notice.objects.filter(recipient=people.provider, kind="signature").count()
    assert told == (1 if who == "filler" else 0)


def test_another_day_keeps_the_signature_and_another_department_does_not(
    submission, people, finance, statistics
):
    give(people, submission, finance, "01")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    sign(people.provider, submission, "01")

    give(people, submission, finance, "01", days=7)
    assert assignment(submission, "01").signed_by == people.provider

    give(people, submission, statistics, "01", days=7)
    assert assignment(submission, "01").signed_by is None


def test_a_signature_does_not_cover_what_was_not_seen(submission, people, finance):
    give(people, submission, finance, "01")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    before = seen(submission, "01")
    write(people.filler, submission, "01", CellInput("9"))

    with pytest.raises(Stale) as refused:
        sign_figures(actor=people.provider, submission_id=submission.public_id, seen=before)

    assert refused.value.code == "figure_changed"
    assert assignment(submission, "01").signed_at is None


def test_signing_while_somebody_edits_never_signs_the_edit(
    committed_db, submission, people, finance
):
    give(people, submission, finance, "01")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    before = seen(submission, "01")

    def act(number):
        if number:
            return write(people.filler, submission, "01", CellInput("9")).saved
        try:
            return sign_figures(
                actor=people.provider, submission_id=submission.public_id, seen=before
            )
        except Stale as refusal:
            return refusal.code

    signed, edited = in_threads(2, act)

    # Either order: signed first and voided by the edit, or edited first and refused.
    assert signed in {1, "figure_changed"}
    assert edited == ["01"]
    assert submission.values.get(indicator__code="01").number == 9
    assert assignment(submission, "01").signed_at is None


# --- submission ----------------------------------------------------------------------------------


def test_a_sheet_waits_for_the_signature_or_for_the_line_to_be_taken_back(
    submission, people, finance, statistics
):
    give(people, submission, finance, "01")
    give(people, submission, statistics, "03")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    sign(people.provider, submission, "01")

    with pytest.raises(Invalid) as refused:
        move(people.lead, submission, "submit")
    assert refused.value.code == "assignment_unsigned"
    assert statistics.short_name in refused.value.sentence

    take_back(people, submission, "03")
    move(people.lead, submission, "submit")
    assert fresh(submission).state == "submitted"


# --- urging --------------------------------------------------------------------------------------


def test_late_departments_are_urged_once_a_day(submission, people, finance, statistics, clerk):
    give(people, submission, finance, "01", "02", days=1)
    give(people, submission, statistics, "03", days=8)

    with clock.playing(clock.now() + timedelta(days=3)):
        told = urge(actor=people.filler, submission_id=submission.public_id)
        with pytest.raises(Stale) as refused:
            urge(actor=clerk, submission_id=submission.public_id)
        late = list_late_departments(people.filler)
    with clock.playing(clock.now() + timedelta(days=4)):
        again = urge(actor=people.filler, submission_id=submission.public_id)

    assert told == again == [finance.short_name]
    assert refused.value.code == "urged_today"
    assert Notice.objects.filter(recipient=people.provider, kind="urge").count() == 2
    assert not Notice.objects.filter(recipient=people.statistician, kind="urge").exists()
    assert [(row.offices, row.lines) for row in late] == [(1, 2)]
    assert Event.objects.filter(act="urge_departments").count() == 2


def test_one_department_is_urged_before_its_day_too(submission, people, finance):
    give(people, submission, finance, "01")

    urge(actor=people.filler, submission_id=submission.public_id, office_id=finance.public_id)

    assert Notice.objects.filter(recipient=people.provider, kind="urge").count() == 1


def test_nobody_is_urged_who_has_signed_or_has_time(submission, people, finance):
    give(people, submission, finance, "01")
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    sign(people.provider, submission, "01")

    for office_id in (None, finance.public_id):
        with pytest.raises(Stale) as refused:
            urge(actor=people.filler, submission_id=submission.public_id, office_id=office_id)
        assert refused.value.code == "nobody_to_urge"


def test_a_department_without_an_account_cannot_be_told(submission, people, finance):
    give(people, submission, finance, "01")
    people.provider.is_active = False
    people.provider.save()

    with pytest.raises(Invalid) as refused:
        urge(actor=people.filler, submission_id=submission.public_id, office_id=finance.public_id)

    assert refused.value.code == "nobody_to_tell"
    assert assignment(submission, "01").urged_at is None
