"""Objects for URL arguments: for each kind that `@page(objects=…)` names, one of one's own and a foreign one.

An app that declares a new kind adds its provider here; the access matrix fails until it does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from applications.models import Application
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, Permission, Role
from county_portal.common import clock
from county_portal.common.routes import Route
from county_portal.files.actions import keep_generated
from county_portal.jobs.models import Job
from county_portal.jobs.registry import JobKind, Outcome, register
from county_portal.notices.actions import Message, notify
from county_portal.notices.selectors import list_notices
from indicators.actions.comments import write_comment
from indicators.actions.monthly import open_call
from indicators.actions.returns import Wanted, make_packet
from indicators.models import (
    Assignment,
    CheckRule,
    Collection,
    EvidenceItem,
    EvidenceKind,
    Indicator,
    IndicatorGroup,
    IndicatorSystem,
    MonthlyCall,
    ReviewStep,
    Submission,
    SystemVersion,
    WorkbookCopy,
    WorkbookUpload,
)
from tests.accounts.people import make_office, make_region, make_user
from tests.factories.pilots import begin, open_a_round
from tests.factories.sheets import have_approved, open_for_all

NOWHERE = uuid4()


@dataclass(frozen=True, slots=True)
class Sample:
    """Values of one URL argument; None where there is no such object (nothing is foreign to everybody)."""

    own: Any
    foreign: Any = None


PROVIDERS: dict[str, Callable[[User], Sample]] = {}


def provides(kind: str) -> Callable[[Callable[[User], Sample]], Callable[[User], Sample]]:
    """Register the provider of a kind of object; it is asked with the user who will make the request."""

    def keep(provider: Callable[[User], Sample]) -> Callable[[User], Sample]:
        PROVIDERS[kind] = provider
        return provider

    return keep


def missing(route: Route) -> set[str]:
    """Kinds of the route's arguments that nobody provides yet."""
    assert route.access is not None
    return {route.access.objects[name] for name in route.arguments} - set(PROVIDERS)


def unknown(route: Route) -> dict[str, Any]:
    """Well-formed arguments that name nothing."""
    samples = {
        "uuid": NOWHERE,
        "uuidstr": NOWHERE,  # the API's own name for it
        "int": 987654321,
        "slug": "unknown",
        "str": "unknown",
        "path": "un/known",
    }
    return {name: samples[converter] for name, converter in converters(route).items()}


def converters(route: Route) -> dict[str, str]:
    """Argument -> converter, read from the path as `route_manifest` prints it."""
    marked = [part.partition(">")[0] for part in route.path.split("<")[1:]]
    return {mark.rpartition(":")[2]: mark.rpartition(":")[0] or "str" for mark in marked}


def arguments(route: Route, user: User, *, foreign: bool = False) -> dict[str, Any] | None:
    """Arguments naming objects of the user's own, or foreign ones; None if there are none of that sort.

    A kind without provider is reported once per route, by a test of its own.
    """
    assert route.access is not None
    if missing(route):
        return None
    chosen = {}
    for name in route.arguments:
        sample = PROVIDERS[route.access.objects[name]](user)
        chosen[name] = sample.foreign if foreign else sample.own
    return None if None in chosen.values() else chosen


@provides("user")
def a_user(user: User) -> Sample:
    """Administrators see every account."""
    return Sample(own=make_user(Role.COUNTY_FILLER).public_id)


def _job(requested_by: User, permission: str) -> Job:
    kind = f"sample.{permission}"
    register(JobKind(kind, permission, lambda job, unit: {}, lambda job: Outcome()))
    return Job.objects.create(
        kind=kind, title="试验任务", subject=str(uuid4()), requested_by=requested_by, expected=0
    )


@provides("job")
def a_job(user: User) -> Sample:
    """One's own of a kind one may start; foreign is somebody else's of a kind one may not."""
    holding = min(user.permissions)
    lacking = next(permission for permission in Permission if not user.holds(permission))
    somebody = make_user(Role.PROVINCE_MANAGER)
    return Sample(own=_job(user, holding).public_id, foreign=_job(somebody, lacking).public_id)


def open_collection(user: User) -> Collection:
    """A collection of a system of its own, open to every county there is."""
    system = IndicatorSystem.objects.create(code=uuid4().hex, name="试验体系")
    version = SystemVersion.objects.create(
        system=system, number=1, state="locked", source="", digest=""
    )
    group = IndicatorGroup.objects.create(version=version, order=1, name="一级")
    Indicator.objects.create(
        version=version, group=group, code="01", order=1, name="指标", kind="itemised"
    )
    Indicator.objects.create(
        version=version, group=group, code="02", order=2, name="定性", kind="qualitative"
    )
    return open_for_all(make_user(Role.PROVINCE_MANAGER), version)


def _submission(user: User, *, foreign: bool = False) -> Submission | None:
    """A submission within the user's jurisdiction, or one outside it."""
    city = make_office(Level.CITY)
    reviewer = user.office if user.level == Level.CITY and not foreign else city
    region = make_region(Level.COUNTY, reviewing_office=reviewer)
    make_office(Level.COUNTY, region=region)
    if user.level == Level.COUNTY and not foreign:
        region = user.office.region
    if user.level == Level.PROVINCE and foreign:
        return None
    return open_collection(user).submissions.get(region=region)


@provides("submission")
def a_submission(user: User) -> Sample:
    """Nothing is foreign to the province."""
    own, foreign = _submission(user), _submission(user, foreign=True)
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)


@provides("provided")
def a_provided_sheet(user: User) -> Sample:
    """A sheet in which the user's office has a part, and one in which another has."""
    own, foreign = _submission(user), _submission(user, foreign=True)
    for submission, office in ((own, user.office), (foreign, make_office(Level.COUNTY))):
        if submission is not None:
            _assign(submission, office)
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)


def _assign(submission: Submission, office: Office) -> None:
    Assignment.objects.create(
        submission=submission,
        indicator=submission.collection.version.indicators.get(code="01"),
        office=office,
        due_on=clock.today(),
        assigned_by=make_user(Role.COUNTY_FILLER),
        assigned_at=clock.now(),
    )


@provides("approved")
def an_approved_sheet(user: User) -> Sample:
    """A sheet whose approval is on record, of one's own and a foreign one."""
    own, foreign = _submission(user), _submission(user, foreign=True)
    for submission in filter(None, (own, foreign)):
        have_approved(make_user(Role.COUNTY_FILLER, office=submission.office), submission)
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)


@provides("collection")
def a_collection(user: User) -> Sample:
    """The province's, all of them."""
    return Sample(own=open_collection(user).public_id)


def _call(user: User) -> MonthlyCall:
    version = open_collection(user).version
    version.indicators.filter(code="01").update(monthly="stock")
    manager = make_user(Role.PROVINCE_MANAGER)
    return open_call(actor=manager, version=version, year=clock.today().year, due_day=10)


@provides("monthly_call")
def a_monthly_call(user: User) -> Sample:
    """The province's call is everybody's; it is the county beside it that is foreign."""
    if user.level == Level.COUNTY and user.office.region is None:
        return Sample(own=None)
    return Sample(own=_call(user).public_id)


@provides("monthly_region")
def a_county(user: User) -> Sample:
    """A county of one's own, and one of another city."""
    office = user.office if user.level == Level.CITY else make_office(Level.CITY)
    own = make_region(Level.COUNTY, reviewing_office=office)
    make_office(Level.COUNTY, region=own)
    if user.level == Level.COUNTY:
        own = user.office.region
    other = make_region(Level.COUNTY, reviewing_office=make_office(Level.CITY))
    make_office(Level.COUNTY, region=other)
    foreign = None if user.level == Level.PROVINCE else other.public_id
    return Sample(own=own.public_id, foreign=foreign)


@provides("notice")
def a_notice(user: User) -> Sample:
    """One's own, and somebody else's."""
    message = Message(uuid4().hex, "sample", "试验通知")
    somebody = make_user(Role.AUDITOR)
    notify([user, somebody], message)
    own, foreign = (list_notices(person).get(key=message.key) for person in (user, somebody))
    return Sample(own=own.public_id, foreign=foreign.public_id)


@provides("version")
def a_version(user: User) -> Sample:
    """The province's, all of them."""
    return Sample(own=open_collection(user).version.public_id)


@provides("check_rule")
def a_check_rule(user: User) -> Sample:
    """The province's, all of them."""
    rule = CheckRule.objects.create(
        version=open_collection(user).version,
        code="rule",
        order=1,
        kind="item-file",
        name="规则",
        severity="warn",
    )
    return Sample(own=rule.public_id)


@provides("indicator")
def an_indicator(user: User) -> Sample:
    """Known to everybody: it is the submission beside it that is foreign."""
    return Sample(own="01", foreign="01")


@provides("evidence")
def an_evidence_item(user: User) -> Sample:
    """An item with a file, of a submission of one's own and of a foreign one."""
    own, foreign = _submission(user), _submission(user, foreign=True)
    return Sample(own=own and _item(own), foreign=foreign and _item(foreign))


def _item(submission: Submission) -> Any:
    indicator = submission.collection.version.indicators.get(code="01")
    kind = EvidenceKind.objects.create(indicator=indicator, code="kind", order=1, name="类别")
    item = EvidenceItem.objects.create(
        submission=submission,
        kind=kind,
        name="试验项目",
        file=keep_generated(content=b"%PDF-1.4", name="试验.pdf", content_type="application/pdf"),
        created_by=make_user(Role.COUNTY_FILLER),
        created_at=clock.now(),
    )
    return item.public_id


@provides("comment")
def a_comment(user: User) -> Sample:
    """A remark on a submission of one's own, and on a foreign one."""
    own, foreign = _submission(user), _submission(user, foreign=True)
    return Sample(own=own and _comment(own), foreign=foreign and _comment(foreign))


def _comment(submission: Submission) -> Any:
    author = make_user(Role.PROVINCE_MANAGER)
    return write_comment(
        actor=author, submission_id=submission.public_id, code="01", text="请核对。"
    ).public_id


@provides("return_item")
def a_return_item(user: User) -> Sample:
    """An item of a return of a submission of one's own, and of a foreign one."""
    own, foreign = _submission(user), _submission(user, foreign=True)
    return Sample(own=own and _return_item(own), foreign=foreign and _return_item(foreign))


def _return_item(submission: Submission) -> Any:
    step = ReviewStep.objects.create(
        submission=submission,
        action="return",
        from_state="city_review",
        to_state="returned",
        label="退回",
        actor=make_user(Role.PROVINCE_MANAGER),
        comment="请核对。",
        revision=0,
        at=clock.now(),
    )
    packet = make_packet(step, [Wanted("01", "unit")], clock.today())
    return packet.items.get().public_id


@provides("workbook_upload")
def a_workbook_upload(user: User) -> Sample:
    """A workbook that came back, to a submission of one's own and to a foreign one."""
    own, foreign = _submission(user), _submission(user, foreign=True)
    return Sample(own=own and _upload(own), foreign=foreign and _upload(foreign))


def _upload(submission: Submission) -> Any:
    somebody, now = make_user(Role.COUNTY_FILLER), clock.now()
    copy = WorkbookCopy.objects.create(
        submission=submission, base={}, template_digest="", made_by=somebody, made_at=now
    )
    upload = WorkbookUpload.objects.create(
        submission=submission,
        copy=copy,
        file=keep_generated(content=b"PK", name="试验.xlsx", content_type="application/zip"),
        uploaded_by=somebody,
        uploaded_at=now,
    )
    return upload.public_id


@provides("application")
def an_application(user: User) -> Sample:
    """An application of one's own county, or one's own city's, and one of another's."""
    own, foreign = _application(user), _application(user, foreign=True)
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)


def _application(user: User, *, foreign: bool = False) -> Application | None:
    if user.level == Level.PROVINCE and foreign:
        return None
    city = user.office if user.level == Level.CITY and not foreign else make_office(Level.CITY)
    region = make_region(Level.COUNTY, reviewing_office=city)
    office = make_office(Level.COUNTY, region=region)
    if user.level == Level.COUNTY and not foreign:
        office = user.office
    manager = make_user(Role.PROVINCE_MANAGER)
    call = open_a_round(manager, title=uuid4().hex)
    return begin(make_user(Role.COUNTY_FILLER, office=office), call)


@provides("paper_code")
def a_paper_code(user: User) -> Sample:
    """Whoever has the code of a document may verify it."""
    return Sample(own="7K3M92QF0XTC")


@provides("paper_file_kind")
def a_kind_of_paper_file(user: User) -> Sample:
    """Each document has a PDF."""
    return Sample(own="pdf")
