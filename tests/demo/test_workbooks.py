"""The demonstration's workbooks go out and come back through the portal's own acts."""

from county_portal.demo.workbooks import WorkbookCounts, play_workbooks
from indicators.models import WorkbookUpload
from tests.factories.sheets import fill_whole, filler_of, submission_of


def test_copies_go_out_come_back_and_one_conflict_is_merged(submission, people, collection):
    other = submission_of(collection, "130102")
    fill_whole(people.filler, submission)
    fill_whole(people.changan_lead, other)

    counts = play_workbooks([(people.filler, submission), (filler_of(people.changan_lead), other)])

    assert counts == WorkbookCounts(exported=2, imported=2, conflicts=1)
    assert set(WorkbookUpload.objects.values_list("state", flat=True)) == {"applied"}
    assert submission.values.get(indicator__code="01").note == "据年报数填报。"
    assert submission.values.get(indicator__code="01").text == "7,351.20"
    submission_revision = submission.revision
    submission.refresh_from_db()
    assert submission.revision == submission_revision
