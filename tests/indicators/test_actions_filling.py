"""The county's writes: what is saved, what is refused, and that a refusal changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.collecting import close_collection
from indicators.actions.evidence import remove_evidence
from indicators.actions.filling import save_values
from indicators.actions.openings import extend_deadline
from indicators.models import EvidenceItem, EvidenceKind, Value
from indicators.rules import CellFigure, CellInput
from tests.factories.sheets import add_item, fill, fill_whole, fresh, move, submit


def save(actor, submission, revision=0, **figures):
    numbers = {
        code.removeprefix("i"): CellFigure(str(n), Decimal(n)) for code, n in figures.items()
    }
    return save_values(
        actor=actor, submission_id=submission.public_id, revision=revision, figures=numbers
    )


def stored(submission):
    return {row.indicator.code: row.number for row in submission.values.select_related("indicator")}


def test_figures_are_saved_with_who_and_how_sure(submission, people):
    fill_whole(people.filler, submission)

    rows = {row.indicator.code: row for row in submission.values.select_related("indicator")}
    assert len(rows) == 17
    assert (rows["01"].text, rows["01"].number) == ("7,351.20", Decimal("7351.2"))
    assert (rows["02"].numerator, rows["02"].denominator) == (Decimal("7351.2"), Decimal(543000))
    assert (rows["06"].status, rows["01"].status) == ("forecast", "self")
    assert (rows["14"].absence, rows["14"].number) == ("missing", None)
    assert rows["17"].absence == "qualitative"
    assert rows["01"].updated_by == people.filler


def test_only_cells_that_differ_are_touched(submission, people, clerk):
    save(people.filler, submission, i04=50, i06=300)
    before = submission.values.get(indicator__code="04").updated_at

    save(clerk, submission, 1, i04=50, i06=301)

    kept = submission.values.get(indicator__code="04")
    assert (kept.updated_at, kept.updated_by) == (before, people.filler)
    assert submission.values.get(indicator__code="06").updated_by == clerk
    detail = Event.objects.filter(act="save_values").order_by("-serial").first().detail
    assert detail == {"06": [{"text": "300", "number": "300"}, {"text": "301", "number": "301"}]}


def test_saving_what_is_stored_leaves_no_trace(submission, people):
    save(people.filler, submission, i04=50)

    saved = save(people.filler, submission, 1, i04=50)

    assert saved.revision == 1
    assert Event.objects.filter(act="save_values").count() == 1


def test_an_indicator_of_no_system_is_passed_over(submission, people):
    save(people.filler, submission, i99=1)

    assert stored(submission) == {}


def test_the_second_of_two_people_is_told_and_nothing_is_lost(submission, people, clerk):
    save(people.filler, submission, 0, i04=50)

    with pytest.raises(Stale) as refused:
        save(clerk, submission, 0, i04=99)

    assert refused.value.code == "edited_meanwhile"
    assert stored(submission) == {"04": Decimal(50)}


@pytest.mark.parametrize("who", ["lead", "reviewer", "signer", "manager", "expert"])
def test_those_who_only_read_may_not_fill(submission, people, who):
    with pytest.raises(NotAllowed):
        save(getattr(people, who), submission, i04=1)
    assert stored(submission) == {}


@pytest.mark.parametrize("who", ["changan_lead", "shijiazhuang_reviewer", "auditor"])
def test_another_countys_sheet_does_not_exist(submission, people, who):
    with pytest.raises(Http404):
        save(getattr(people, who), submission, i04=1)


def refused_code(actor, submission):
    with pytest.raises(Stale) as refused:
        save(actor, submission, fresh(submission).revision, i04=1)
    return refused.value.code


def test_a_submitted_sheet_is_closed(submission, people):
    submit(people.lead, submission)

    assert refused_code(people.filler, submission) == "not_editable"
    assert submission.values.get(indicator__code="04").number == 50


def test_a_closed_collection_is_closed(submission, people):
    close_collection(actor=people.manager, collection_id=submission.collection.public_id)

    assert refused_code(people.filler, submission) == "collection_closed"


def test_the_day_passes_at_midnight_in_beijing(submission, people):
    due = submission.collection.county_due_on
    last_moment = clock.now().replace(
        year=due.year, month=due.month, day=due.day, hour=15, minute=59
    )

    with clock.playing(last_moment):
        save(people.filler, submission, i04=1)
    with clock.playing(last_moment + timedelta(minutes=1)):
        assert refused_code(people.filler, submission) == "deadline_passed"


def test_an_extension_gives_one_county_more_time(submission, people):
    later = submission.collection.county_due_on + timedelta(days=3)
    extend_deadline(
        actor=people.manager, submission_id=submission.public_id, until=later, reason="洪涝"
    )

    with clock.playing(clock.now() + timedelta(days=22)):
        assert save(people.filler, submission, i04=1).revision == 1


def test_an_item_is_added_with_its_record(submission, people):
    item = add_item(people.filler, submission, " 科技企业孵化器\u200b ", year=2021)

    assert (item.name, item.year, item.created_by) == ("科技企业孵化器", 2021, people.filler)
    assert fresh(submission).revision == 1
    detail = Event.objects.get(act="add_evidence").detail
    assert detail == {
        "indicator": "10",
        "kind": "incubator-provincial",
        "name": "科技企业孵化器",
        "file": "",
    }


@pytest.mark.parametrize(
    "name, code",
    [("孵化器", "evidence_named_twice"), ("a\u202eb", "text_control_character")],
)
def test_an_item_is_refused(submission, people, name, code):
    add_item(people.filler, submission, "孵化器")

    with pytest.raises(Invalid) as refused:
        add_item(people.filler, submission, name)

    assert (refused.value.code, refused.value.field) == (code, "name")
    assert submission.evidence.count() == 1


def test_a_kind_of_another_system_is_refused(submission, people, version, tmp_path, monkeypatch):
    from county_portal.common.province_files import province_file
    from indicators.importer import import_system

    source = province_file("indicator-system.json")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / source.name).write_bytes(source.read_bytes() + b"\n")
    monkeypatch.setattr("county_portal.common.province_files.PROVINCES_DIR", tmp_path)
    kind = EvidenceKind.objects.filter(indicator__version=import_system("other")).first()
    from indicators.actions.evidence import EvidenceInput, add_evidence

    with pytest.raises(Invalid) as refused:
        add_evidence(
            actor=people.filler,
            submission_id=submission.public_id,
            evidence=EvidenceInput(kind=kind, name="孵化器"),
        )

    assert refused.value.code == "evidence_kind_unknown"


def test_an_item_is_removed_and_the_record_knows(submission, people, clerk):
    item = add_item(people.filler, submission, "孵化器")

    removed = remove_evidence(actor=clerk, evidence_id=item.public_id)

    assert removed.name == "孵化器"
    assert not EvidenceItem.objects.exists()
    assert fresh(submission).revision == 2
    assert Event.objects.get(act="remove_evidence").detail["name"] == "孵化器"
    with pytest.raises(Http404):
        remove_evidence(actor=clerk, evidence_id=item.public_id)


def test_items_of_a_submitted_sheet_stay(submission, people):
    item = add_item(people.filler, submission, "孵化器")
    submit(people.lead, submission)

    with pytest.raises(Stale):
        remove_evidence(actor=people.filler, evidence_id=item.public_id)
    with pytest.raises(NotAllowed):
        remove_evidence(actor=people.reviewer, evidence_id=item.public_id)
    with pytest.raises(Http404):
        remove_evidence(actor=people.changan_lead, evidence_id=item.public_id)
    assert submission.evidence.count() == 1


def test_a_forecast_stays_one_through_review(submission, people):
    submit(people.lead, submission)
    move(people.reviewer, submission, "approve")

    statuses = dict(submission.values.values_list("indicator__code", "status"))
    assert (statuses["06"], statuses["01"]) == ("forecast", "city")


def test_a_rate_may_be_blanked_again(submission, people):
    fill(people.filler, submission, {"02": CellInput("", "5", "10")})
    fill(people.filler, submission, {"02": CellInput("")})

    row = Value.objects.get(submission=submission, indicator__code="02")
    assert (row.number, row.numerator, row.denominator) == (None, None, None)
