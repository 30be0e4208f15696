"""Administration: offices, regions and announcements have no jurisdiction; whoever manages them sees all."""

from county_portal.accounts.models import RegionChange, User
from county_portal.accounts.roles import Role
from county_portal.administration.actions import announcements
from county_portal.administration.models import AnnouncementFile, SlipBatch
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from tests.accounts.people import make_office, make_region, make_user
from tests.architecture.samples import Sample, provides

PROVIDED = {
    *("office", "region", "region_change", "region_change_kind"),
    *("announcement", "announcement_file", "read_announcement", "read_announcement_file"),
    *("official_text", "slip_batch"),
    *("public_announcement", "public_announcement_file"),
}


@provides("office")
def an_office(user: User) -> Sample:
    """Every office is managed."""
    return Sample(own=make_office("city").public_id)


@provides("region")
def a_region(user: User) -> Sample:
    """Every region is managed."""
    office = make_office("city")
    return Sample(own=make_region("county", reviewing_office=office).public_id)


@provides("slip_batch")
def a_batch(user: User) -> Sample:
    """One's own alone."""
    own, foreign = (
        SlipBatch.objects.create(requested_by=by, requested_at=clock.now(), count=0, public_key="")
        for by in (user, make_user(Role.SYSTEM_ADMIN))
    )
    return Sample(own=own.public_id, foreign=foreign.public_id)


@provides("region_change_kind")
def a_kind_of_change(user: User) -> Sample:
    """Known to everybody."""
    return Sample(own="merge")


@provides("region_change")
def a_change(user: User) -> Sample:
    """A decision that waits for its day."""
    region = make_region("county", reviewing_office=make_office("city"))
    change = RegionChange.objects.create(
        kind="reviewer",
        region=region,
        effective_on=clock.today(),
        document_number="冀政函〔2026〕5号",
        decided_by=make_user(Role.SYSTEM_ADMIN),
        decided_at=clock.now(),
    )
    return Sample(own=change.public_id)


def _announcement(audience="everyone", *, published=True):
    manager = make_user(Role.PROVINCE_MANAGER)
    values = {"levels": ["county"]} if audience == "levels" else {}
    wording = announcements.Wording("试验公告", "正文", audience, clock.today(), **values)
    made = announcements.draft(actor=manager, wording=wording)
    file = keep_generated(content=b"%PDF-1.7", name="a.pdf", content_type="application/pdf")
    AnnouncementFile.objects.create(announcement=made, file=file)
    if published:
        announcements.publish(actor=manager, public_id=made.public_id, revision=0)
    return made


@provides("announcement")
def an_announcement(user: User) -> Sample:
    """Every announcement is managed."""
    return Sample(own=_announcement(published=False).public_id)


@provides("announcement_file")
def an_attachment(user: User) -> Sample:
    """A file of some announcement."""
    return Sample(own=_announcement(published=False).files.get().public_id)


@provides("read_announcement")
def an_announcement_to_me(user: User) -> Sample:
    """One for everybody, and one nobody was told yet."""
    return Sample(own=_announcement().public_id, foreign=_announcement(published=False).public_id)


@provides("read_announcement_file")
def a_file_to_me(user: User) -> Sample:
    """A file of an announcement: another one's is not found under it."""
    return Sample(own=None, foreign=_announcement(published=False).files.get().public_id)


@provides("public_announcement")
def a_public_announcement(user: User) -> Sample:
    """One on the front page, and one for those signed in."""
    return Sample(own=_announcement("public").public_id, foreign=_announcement().public_id)


@provides("public_announcement_file")
def a_public_file(user: User) -> Sample:
    """A file of an announcement for those signed in."""
    return Sample(own=None, foreign=_announcement().files.get().public_id)


@provides("official_text")
def an_official_text(user: User) -> Sample:
    """Known to whoever words texts."""
    return Sample(own="letter")
