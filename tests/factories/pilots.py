"""Rounds, applications and pilots, brought to a state by the acts that lead there.

What a county types is written straight into the rows, so that a test of something else needs no form;
every state is reached through the real actions.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from applications.actions.applying import begin_application
from applications.actions.approval import ApprovalInput, approve_county
from applications.actions.beginning import begin_pilot
from applications.actions.deciding import (
    DecisionInput,
    DraftInput,
    NoticeInput,
    draft_pilot_list,
    start_notice,
)
from applications.actions.formal import ByHand, FormalInput, pass_formally
from applications.actions.moving import Move, move_application
from applications.actions.publishing import publish_pilot_list
from applications.actions.rounds import RoundInput, close_round, create_round, open_round
from applications.enums import (
    PLAN_SECTIONS,
    RECOMMENDATION_LETTER,
    ApplicationAction,
    ApplicationState,
    KeyTask,
    RoundState,
    Section,
)
from applications.models import (
    Application,
    BasicsFigure,
    CityOpinion,
    GovernmentDocument,
    Pilot,
    PilotList,
    PilotRound,
    PlanStep,
    PlanTask,
    PlanText,
    RoundOpinion,
    RowEvidence,
    TableFigure,
    TableRow,
)
from applications.rules.formal import BY_HAND
from applications.selectors.deciding import pilot_list_settings
from applications.selectors.letters import source_of
from applications.selectors.materials import basics_meanings
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, Role
from county_portal.common import clock
from county_portal.documents.actions.beginning import start_draft
from county_portal.documents.actions.drafts import Move as DraftMove
from county_portal.documents.actions.drafts import move_draft
from county_portal.documents.actions.issuing import keep_paper
from county_portal.documents.enums import DraftAction, Layout
from county_portal.documents.models import Draft, Paper, Register
from county_portal.files.actions import keep_generated
from county_portal.files.models import StoredFile
from indicators.enums import IndicatorKind
from indicators.importer import import_system
from indicators.models import FactMeaning
from indicators.selectors import list_indicators
from tests.factories.people import make_person
from tests.factories.places import make_office

STARRED = ("01", "03", "05", "11", "13", "14", "16", "17", "19", "27")


def a_scan(name: str = "扫描件.pdf") -> StoredFile:
    """A file as if it had been scanned."""
    return keep_generated(content=b"%PDF-1.4", name=name, content_type="application/pdf")


def draw_up_round(manager: User, *, places: int = 3, **changed: Any) -> PilotRound:
    """A round of this year, not yet opened, with places for every city's office."""
    today = clock.today()
    # A round is opened only with places for somebody.
    offices = list(Office.objects.filter(level=Level.CITY)) or [
        make_office("试验市科学技术局", Level.CITY, None)
    ]
    data: dict[str, Any] = {
        "title": f"{today.year}年度河北省创新型县（市、区）试点",
        "year": today.year,
        "version": import_system("hebei", "pilot"),
        "basis": "河北省科学技术厅建设创新型县（市、区）工作指引",
        "opens_on": today - timedelta(days=10),
        "county_due_on": today + timedelta(days=20),
        "city_due_on": today + timedelta(days=40),
        "quotas": dict.fromkeys(offices, places),
    }
    return create_round(actor=manager, data=RoundInput(**{**data, **changed}))


def open_a_round(manager: User, **changed: Any) -> PilotRound:
    """The same, opened."""
    made = draw_up_round(manager, **changed)
    return open_round(actor=manager, round_id=made.public_id)


def person_of(role: Role, office: Office) -> User:
    """Who holds this post in the office; made where there is nobody."""
    found = User.objects.filter(role=role, office=office, is_active=True).order_by("pk").first()
    return found or make_person(f"{role}.{office.pk}", role, office)


def begin(filler: User, call: PilotRound) -> Application:
    """An application just begun."""
    return begin_application(actor=filler, round_id=call.public_id)


def write_everything(application: Application, filler: User) -> None:
    """Every section, complete and plausible."""
    _write_document(application, filler)
    _write_table(application, filler)
    _write_basics(application, filler)
    _write_plan(application)


def _write_document(application: Application, filler: User) -> None:
    GovernmentDocument.objects.create(
        application=application,
        title=f"{application.region.name}人民政府关于申报创新型县（市、区）试点的请示",
        document_number=f"政字〔{application.round.year}〕8号",
        issued_on=clock.today(),
        file=a_scan(),
        recorded_by=filler,
        recorded_at=clock.now(),
    )


def _write_table(application: Application, filler: User) -> None:
    years = [application.round.last_year, *application.round.target_years]
    for indicator in list_indicators(application.round.version):
        is_words = indicator.kind == IndicatorKind.QUALITATIVE
        row = TableRow.objects.create(
            application=application,
            indicator=indicator,
            order=indicator.order,
            is_starred=indicator.code in STARRED,
            words="县委、县政府印发实施意见和配套措施。" if is_words else "",
        )
        if is_words:
            RowEvidence.objects.create(
                row=row,
                name="实施意见",
                file=a_scan("实施意见.pdf"),
                added_by=filler,
                added_at=clock.now(),
            )
            continue
        step = Decimal("-0.02") if indicator.lower_is_better else Decimal(1)
        TableFigure.objects.bulk_create(
            TableFigure(row=row, year=year, number=Decimal(10) + step * place)
            for place, year in enumerate(years)
        )


# Numbers that make every ratio and count of the table come to the 10 it states.
BASICS = {
    "gdp": 1_000_000,
    "rd-expenditure": 100_000,
    "venture-fund": 100_000,
    "high-tech-zone-revenue": 100_000,
    "energy-consumption": 10_000_000,
    "employment": 10,
    "rd-personnel": 100,
    "resident-population": 1,
    "industry-enterprises": 100,
    "public-expenditure": 100,
    "enterprise-rd-expenditure": 100,
    "industry-revenue": 100,
    "monitored-days": 100,
}


def _write_basics(application: Application, filler: User) -> None:
    meanings = basics_meanings(list(list_indicators(application.round.version)))
    BasicsFigure.objects.bulk_create(
        BasicsFigure(
            application=application,
            meaning=meaning,
            text=str(BASICS.get(meaning.code, 10)),
            number=Decimal(BASICS.get(meaning.code, 10)),
            saved_by=filler,
            saved_at=clock.now(),
        )
        for meaning in FactMeaning.objects.filter(pk__in=meanings)
    )


def _write_plan(application: Application) -> None:
    written = [each for each in PLAN_SECTIONS if each not in {Section.TASKS, Section.SCHEDULE}]
    PlanText.objects.bulk_create(
        PlanText(application=application, section=section, text=f"{section.label}的内容。")
        for section in written
    )
    task = PlanTask.objects.create(
        application=application,
        kind=KeyTask.ENTERPRISES,
        order=1,
        goal="高新技术企业数量翻一番。",
        units=["科技局", "发改局"],
    )
    year = application.round.year
    PlanStep.objects.create(
        task=task, name="建立培育库", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
    )


_PATH = (
    (ApplicationState.GOVERNMENT, ApplicationAction.FINISH, Role.COUNTY_FILLER),
    (ApplicationState.READY, ApplicationAction.APPROVE_COUNTY, Role.COUNTY_LEAD),
    (ApplicationState.SUBMITTED, ApplicationAction.SUBMIT, Role.COUNTY_LEAD),
    (ApplicationState.CITY_REVIEW, ApplicationAction.ACCEPT, Role.CITY_REVIEWER),
    (ApplicationState.REVIEWED, ApplicationAction.APPROVE, Role.CITY_REVIEWER),
)


def bring_to(application: Application, state: ApplicationState) -> Application:
    """Take an application, written already, along the straight path to a state up to `reviewed`."""
    for reached, action, role in _PATH:
        office = application.office if role != Role.CITY_REVIEWER else application.reviewing_office
        actor = person_of(role, office)
        if action == ApplicationAction.APPROVE_COUNTY:
            approval = ApprovalInput(
                "县政府常务会议", clock.today(), f"县政纪〔{clock.today().year}〕5号", a_scan()
            )
            application = approve_county(
                actor=actor, application_id=application.public_id, approval=approval
            )
        else:
            application = move_application(
                actor=actor, application_id=application.public_id, move=Move(action)
            )
        if reached == state:
            return application
    raise AssertionError(f"{state} is not on the straight path")


def apply_to(call: PilotRound, bureau: Office, state: ApplicationState) -> Application:
    """A county's application, whole, in a state up to `reviewed`."""
    filler = person_of(Role.COUNTY_FILLER, bureau)
    application = begin(filler, call)
    if state == ApplicationState.DRAFT:
        return application
    write_everything(application, filler)
    return bring_to(application, state)


def rank(application: Application, place: int | None, reasons: str = "") -> None:
    """The city's opinion on one county, and one on all of them."""
    reviewer = person_of(Role.CITY_REVIEWER, application.reviewing_office)
    CityOpinion.objects.update_or_create(
        application=application,
        defaults={
            "place": place,
            "reasons": reasons or "创新平台较多，高新技术企业集聚，对周边县区带动作用明显。",
            "given_by": reviewer,
            "given_at": clock.now(),
        },
    )
    RoundOpinion.objects.get_or_create(
        round=application.round,
        office=application.reviewing_office,
        defaults={
            "text": "符合试点条件，同意推荐。",
            "given_by": reviewer,
            "given_at": clock.now(),
        },
    )


def draft_letter(application: Application) -> Draft:
    """What the reviewing office drafts on all it recommends."""
    drafter = person_of(Role.CITY_REVIEWER, application.reviewing_office)
    register = Register.objects.get(office=drafter.office, layout="letter")
    return start_draft(
        actor=drafter,
        kind=RECOMMENDATION_LETTER,
        register=register.public_id,
        subject=str(application.round.public_id),
    )


def letter_to_sign(application: Application) -> Draft:
    """The same, sent and checked."""
    draft = draft_letter(application)
    signer = person_of(Role.CITY_SIGNER, application.reviewing_office)
    for actor, action in ((draft.drafted_by, DraftAction.SEND), (signer, DraftAction.CHECK)):
        draft = move_draft(actor=actor, draft_id=draft.public_id, move=DraftMove(action))
    return draft


def issue_letter(application: Application) -> Paper:
    """Signed: it has its number."""
    draft = letter_to_sign(application)
    signer = person_of(Role.CITY_SIGNER, application.reviewing_office)
    move = DraftMove(DraftAction.ISSUE)
    issued = move_draft(actor=signer, draft_id=draft.public_id, move=move)
    assert issued.paper is not None
    return issued.paper


def recommend(*applications: Application) -> Paper:
    """Reviewed applications of one city placed in this order, and its letter issued."""
    for place, application in enumerate(applications, start=1):
        rank(application, place)
    return issue_letter(applications[0])


@transaction.atomic
def have_letter(*applications: Application) -> Paper:
    """A letter of recommendation that holds, as the city issues it."""
    city = applications[0].reviewing_office
    return keep_paper(
        actor=person_of(Role.CITY_SIGNER, city),
        paper=Paper(
            kind=RECOMMENDATION_LETTER,
            layout=Layout.LETTER,
            title="关于推荐创新型县（市、区）试点的函",
            issuer=city.name,
            office=city,
            number=f"科函〔{clock.today().year}〕{applications[0].pk}号",
            issued_on=clock.today(),
            content="{}",
        ),
        sources=[source_of(each) for each in applications],
    )


def recommended(call: PilotRound, bureau: Office) -> Application:
    """A county's application its city has reviewed and recommended."""
    application = apply_to(call, bureau, ApplicationState.REVIEWED)
    have_letter(application)
    return application


def make_pilot(
    manager: User,
    bureau: Office,
    *,
    call: PilotRound | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Pilot:
    """A pilot frozen from a whole application, as publishing a list makes it; three years from today unless said."""
    application = apply_to(call or open_a_round(manager), bureau, ApplicationState.REVIEWED)
    begins = starts_on or clock.today()
    ends = ends_on or begins + timedelta(days=3 * 365)
    return begin_pilot(actor=manager, application=application, starts_on=begins, ends_on=ends)


def admitted(call: PilotRound, bureau: Office) -> Application:
    """A recommended application that passed the formal check."""
    return accept(recommended(call, bureau))


def accept(application: Application) -> Application:
    """A recommended application passes the formal check."""
    check = FormalInput({item.key: ByHand(is_met=True) for item in BY_HAND})
    manager = application.round.created_by
    return pass_formally(actor=manager, application_id=application.public_id, check=check)


def draft_pilots(
    call: PilotRound, selected: Sequence[Application], refused: Sequence[Application] = ()
) -> PilotList:
    """The round's list, drafted by whoever made the round, which is closed for it."""
    if PilotRound.objects.get(pk=call.pk).state == RoundState.OPEN:
        close_round(actor=call.created_by, round_id=call.public_id)
    decisions = {
        each.public_id: DecisionInput(each in selected, "统筹区域布局，综合评审情况。")
        for each in (*selected, *refused)
    }
    data = DraftInput(decisions, clock.today() + timedelta(days=30))
    return draft_pilot_list(actor=call.created_by, round_id=call.public_id, data=data)


def put_on_notice(pilots: PilotList) -> PilotList:
    """A draft on notice from today on, for as long as its round says."""
    today = clock.today()
    until = today + timedelta(days=pilots.round.notice_days - 1)
    notice = NoticeInput(today, f"厅纪〔{today.year}〕3号", today, until)
    return start_notice(actor=pilots.prepared_by, list_id=pilots.public_id, notice=notice)


@contextmanager
def after_notice(pilots: PilotList) -> Iterator[None]:
    """The morning after the notice ended."""
    assert pilots.notice_until is not None
    day = pilots.notice_until + timedelta(days=1)
    with clock.playing(datetime(day.year, day.month, day.day, 9, tzinfo=clock.BEIJING)):
        yield


def published_pilots(
    call: PilotRound, selected: Sequence[Application], refused: Sequence[Application] = ()
) -> PilotList:
    """All the way: the list is published the day after its notice, and its pilots begin."""
    pilots = put_on_notice(draft_pilots(call, selected, refused))
    office = call.created_by.office
    prefix = pilot_list_settings().register
    sender = {"sender": f"{office.name}文件", "issuer": office.name, "printed_by": office.name}
    Register.objects.get_or_create(
        prefix=prefix, defaults={"office": office, "layout": Layout.GENERAL, **sender}
    )
    with after_notice(pilots):
        publisher = person_of(Role.PROVINCE_PUBLISHER, office)
        return publish_pilot_list(actor=publisher, list_id=pilots.public_id)
