"""Two people at the same moment, each on a connection of their own: one after the other, and nothing half done."""

from datetime import timedelta

import pytest

from applications.actions.moving import Move, Wanted, move_application
from applications.actions.plans import save_text
from applications.actions.table import LineInput, save_table
from applications.enums import ApplicationAction as Act
from applications.enums import ApplicationState as State
from applications.enums import Section
from applications.models import Application, ApplicationStep, PlanText, TableRow
from applications.rules.materials import digest_of
from applications.selectors.letters import valid_letter
from applications.selectors.materials import read_materials
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Refused, Stale
from county_portal.documents.actions.drafts import Move as DraftMove
from county_portal.documents.actions.drafts import move_draft
from county_portal.documents.enums import DraftAction
from county_portal.documents.importer import import_registers
from county_portal.documents.models import Paper
from tests.common.committed import await_waiting, held_open, in_thread, in_threads
from tests.factories.people import make_person
from tests.factories.pilots import STARRED, apply_to, begin, letter_to_sign, rank, write_everything

NINE = [int(code) for code in STARRED[:9]]
# Neither designated nor among the nine.
TENTHS = (20, 21)


def star(order):
    return {order: LineInput({}, is_starred=True)}


def starred(application):
    rows = TableRow.objects.filter(application=application, is_starred=True)
    return sorted(rows.values_list("order", flat=True))


@pytest.fixture
def drafted(committed_db, call, people):
    """Nine ★, and two who fill."""
    application = begin(people.filler, call)
    lines = {order: LineInput({}, is_starred=True) for order in NINE}
    revision = save_table(
        actor=people.filler, application_id=application.public_id, revision=None, lines=lines
    )
    colleague = make_person("bazhou.second", "county_filler", application.office, "钱填报")
    return application, revision, (people.filler, colleague)


def test_the_tenth_star_is_marked_by_one_of_two(drafted):
    application, revision, fillers = drafted

    def mark(number):
        try:
            save_table(
                actor=fillers[number],
                application_id=application.public_id,
                revision=revision,
                lines=star(TENTHS[number]),
            )
        except Stale as refusal:
            return refusal
        return TENTHS[number]

    results = in_threads(2, mark)

    (kept,) = [each for each in results if not isinstance(each, Stale)]
    (refusal,) = [each for each in results if isinstance(each, Stale)]
    assert refusal.code == "section_changed"
    assert "请与已保存的内容核对" in refusal.sentence
    assert starred(application) == sorted([*NINE, kept])
    assert Event.objects.filter(act="save_table").count() == 2


@pytest.fixture
def whole(committed_db, call, people):
    """Everything written, not yet finished."""
    application = begin(people.filler, call)
    write_everything(application, people.filler)
    return application


def finish(people, application):
    return move_application(
        actor=people.filler, application_id=application.public_id, move=Move(Act.FINISH)
    )


def write_goals(people, application, text):
    return save_text(
        actor=people.filler,
        application_id=application.public_id,
        section=Section.GOALS,
        revision=None,
        text=text,
    )


def test_what_is_saved_while_it_is_finished_is_refused(people, whole):
    with held_open(lambda: finish(people, whole)):
        saving = in_thread(lambda: write_goals(people, whole, "又改了一稿。"))
        await_waiting()

    assert isinstance(refusal := saving(), Refused)
    assert refusal.code == "not_editable"
    whole.refresh_from_db()
    assert whole.state == State.GOVERNMENT
    assert not PlanText.objects.filter(text__contains="又改了一稿").exists()


def test_what_is_finished_while_it_is_saved_holds_what_was_saved(people, whole):
    with held_open(lambda: write_goals(people, whole, "又改了一稿。")):
        finishing = in_thread(lambda: finish(people, whole))
        await_waiting()
    finished = finishing()

    assert finished.state == State.GOVERNMENT
    assert "又改了一稿" in PlanText.objects.get(application=whole, section=Section.GOALS).text
    # What the county government will approve is the text with the change.
    assert finished.content_digest == digest_of(read_materials(finished))


def test_two_presses_of_one_button_are_one_step(people, committed_db, call, province):
    application = apply_to(call, province.bureaus["bazhou"], State.READY)

    def submit(_):
        move = Move(Act.SUBMIT, revision=application.revision)
        try:
            move_application(actor=people.lead, application_id=application.public_id, move=move)
        except Stale as refusal:
            return refusal.code
        return "submitted"

    assert sorted(in_threads(2, submit)) == ["stale_state", "submitted"]
    steps = ApplicationStep.objects.filter(application=application, action=Act.SUBMIT)
    assert steps.count() == 1


# The letter, and the county under it


@pytest.fixture
def letter(committed_db, call, province, people):
    """廊坊's letter on 霸州, checked and waiting for its signature."""
    import_registers("hebei")
    application = apply_to(call, province.bureaus["bazhou"], State.REVIEWED)
    rank(application, 1)
    return application, letter_to_sign(application)


def give_back(people, application):
    return move_application(
        actor=people.reviewer,
        application_id=application.public_id,
        move=Move(
            Act.RETURN,
            comment="请核对。",
            wanted=(Wanted("table", "请核对第7行。", 7),),
            due_on=clock.today() + timedelta(days=5),
        ),
    )


def sign(people, draft):
    return move_draft(
        actor=people.signer, draft_id=draft.public_id, move=DraftMove(DraftAction.ISSUE)
    )


def test_a_letter_is_not_signed_on_what_is_being_given_back(people, letter):
    application, draft = letter

    with held_open(lambda: give_back(people, application)):
        signing = in_thread(lambda: sign(people, draft))
        await_waiting()

    assert isinstance(refusal := signing(), Stale)
    assert refusal.code == "bound_data_changed"
    assert "不能签发" in refusal.sentence
    assert not Paper.objects.exists()
    draft.refresh_from_db()
    assert draft.state == "signing"


def test_a_letter_being_signed_lapses_by_what_is_given_back_meanwhile(people, letter):
    application, draft = letter

    with held_open(lambda: sign(people, draft)):
        giving_back = in_thread(lambda: give_back(people, application))
        await_waiting()
    giving_back()

    assert Paper.objects.get().status == "lapsed"
    assert valid_letter(Application.objects.get(pk=application.pk)) is None
