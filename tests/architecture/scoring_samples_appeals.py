"""Appeals: of a county of one's own, and of a stranger's."""

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from scoring.models import Appeal, AppealFile, Result
from tests.architecture.graded_samples import graded_for
from tests.architecture.samples import Sample, provides

PROVIDED = {"appeal", "appeal_file", "scored_indicator"}


def _appeal(user: User, region: Region) -> Appeal:
    published = graded_for(user).published
    result = Result.objects.get(run=published.run_id, region=region)
    found, _ = Appeal.objects.get_or_create(
        result=result,
        indicator_code="01",
        defaults={
            "published_list": published,
            "region": region,
            "office": result.submission.office,
            "reviewing_office": result.submission.reviewing_office,
            "state_since": clock.now(),
            "claim": "漏计一项。",
            "scored_figure": {"indicator": "01"},
            "filed_by": user,
            "filed_at": clock.now(),
        },
    )
    return found


@provides("scored_indicator")
def a_scored_indicator(user: User) -> Sample:
    """Known to everybody: it is the county beside it that is foreign."""
    return Sample(own="01", foreign="01")


@provides("appeal")
def an_appeal(user: User) -> Sample:
    """Nothing is foreign to the province."""
    graded = graded_for(user)
    foreign = None if user.level == Level.PROVINCE else _appeal(user, graded.strange).public_id
    return Sample(own=_appeal(user, graded.own).public_id, foreign=foreign)


@provides("appeal_file")
def an_appeal_file(user: User) -> Sample:
    """Evidence of the appeal beside it."""
    graded = graded_for(user)
    foreign = None if user.level == Level.PROVINCE else _file(user, graded.strange).public_id
    return Sample(own=_file(user, graded.own).public_id, foreign=foreign)


def _file(user: User, region: Region) -> AppealFile:
    file = keep_generated(content=b"%PDF-1.7", name="证明.pdf", content_type="application/pdf")
    return AppealFile.objects.create(
        appeal=_appeal(user, region),
        file=file,
        name=file.name,
        added_by=user,
        added_at=clock.now(),
    )
