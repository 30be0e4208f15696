"""Objects of the province's choosing: a round that is being decided, its candidates, sheets, list and objections."""

from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.actions.objections import ObjectionInput, raise_objection
from applications.actions.panel import assign_experts, declare_no_conflict
from applications.models import Application, PanelSheet, PilotList, PilotRound
from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Role
from tests.accounts.people import make_office, make_region, make_user
from tests.architecture.samples import Sample, provides
from tests.factories.pilots import admitted, draft_pilots, open_a_round, put_on_notice

PROVIDED = {
    "selection_round",
    "candidate",
    "panel_sheet",
    "material_file",
    "pilot_list",
    "public_notice",
    "objection",
}

# Providers of one request must speak of the same sheet; users are made anew for each test.
_sheets: dict[UUID, PanelSheet] = {}


def _round() -> PilotRound:
    return open_a_round(make_user(Role.PROVINCE_MANAGER), title=uuid4().hex)


def _admitted(call: PilotRound) -> Application:
    region = make_region(Level.COUNTY, reviewing_office=make_office(Level.CITY))
    return admitted(call, make_office(Level.COUNTY, region=region))


def _sheet(expert: User) -> PanelSheet:
    application = _admitted(_round())
    pair = (application.public_id, expert.public_id)
    call = application.round
    assign_experts(actor=call.created_by, round_id=call.public_id, pairs={pair})
    sheet = PanelSheet.objects.get(application=application)
    return declare_no_conflict(actor=expert, sheet_id=sheet.public_id)


def _list() -> PilotList:
    call = _round()
    return draft_pilots(call, [_admitted(call)])


@provides("selection_round")
def a_selection_round(user: User) -> Sample:
    """Rounds are the province's, all of them."""
    return Sample(own=_round().public_id)


@provides("candidate")
def a_candidate(user: User) -> Sample:
    """Candidates are the province's, all of them."""
    return Sample(own=_admitted(_round()).public_id)


@provides("panel_sheet")
def a_panel_sheet(user: User) -> Sample:
    """One's own, and another expert's."""
    _sheets.clear()
    _sheets[user.public_id] = _sheet(user)
    foreign = _sheet(make_user(Role.PROVINCE_EXPERT))
    return Sample(own=_sheets[user.public_id].public_id, foreign=foreign.public_id)


@provides("material_file")
def a_material_file(user: User) -> Sample:
    """The government's document of the application beside it: it is the sheet that is foreign."""
    sheet = _sheets.get(user.public_id)
    digest = sheet.application.government_document.file.sha256 if sheet else "unknown"
    return Sample(own=digest, foreign=digest)


@provides("pilot_list")
def a_pilot_list(user: User) -> Sample:
    """Lists are the province's, all of them."""
    return Sample(own=_list().public_id)


@provides("public_notice")
def a_public_notice(user: User) -> Sample:
    """Everybody's."""
    return Sample(own=put_on_notice(_list()).public_id)


@provides("objection")
def an_objection(user: User) -> Sample:
    """Objections are the province's, all of them. It came with a file."""
    pilots = put_on_notice(_list())
    proof = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n%%EOF")
    words = ObjectionInput("某人", "电话", "有误。", file=proof)
    row = raise_objection(list_id=pilots.public_id, objection=words)
    return Sample(own=row.public_id)
