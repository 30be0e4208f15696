"""An office that drafts: registers, drafts at every stage, data a document may rest on."""

from uuid import uuid4

from county_portal.documents.actions.beginning import start_draft
from county_portal.documents.actions.drafts import Move, Wording, move_draft, save_draft
from county_portal.documents.enums import DraftAction, Layout
from county_portal.documents.kinds import (
    Composed,
    DataKind,
    DocumentKind,
    Source,
    register_data,
    register_document,
)
from county_portal.documents.models import Register

TITLE = "河北省科学技术厅关于开展县域科技创新能力监测评价的通知"
TEXT = "一、工作任务\n请按时填报。\n二、有关要求\n按照冀科函〔2024〕3号执行。"

# Digests of the test's data by key; a key that is missing is gone.
DATA: dict[str, str] = {}


def _compose(user, subject):
    sha256 = DATA[subject]
    table = {
        "columns": [{"heading": "县", "width": 10, "align": "left"}],
        "rows": [["霸州市"], [sha256[:8]]],
    }
    return Composed(
        title=f"关于报送{subject}数据的函",
        addressees="河北省科学技术厅",
        text="现报送如下。\n【表：数据】",
        tables={"数据": table},
        attachments=(),
        sources=(Source("test_data", subject, f"数据{subject}", sha256),),
    )


def know_test_kinds():
    """A kind of data, and a kind of document composed from it."""
    register_data(DataKind("test_data", "试验数据", DATA.get, lambda key: None))
    register_document(
        DocumentKind("test_letter", "试验报送函", (Layout.LETTER,), "letter.txt", _compose)
    )


def make_register(office, prefix="", layout=Layout.GENERAL, **values):
    """A register of an office."""
    return Register.objects.create(
        office=office,
        prefix=prefix or f"试{uuid4().hex[:8]}",
        layout=layout,
        sender=f"{office.name}文件"[:60],
        issuer=office.name[:60],
        printed_by=f"{office.name}办公室"[:60],
        **values,
    )


def begin(drafter, register, kind="notice", subject=""):
    """A draft just begun."""
    return start_draft(actor=drafter, kind=kind, register=register.public_id, subject=subject)


def worded(drafter, register, recipients=(), **words):
    """A draft ready to be sent."""
    draft = begin(drafter, register)
    return save(drafter, draft, recipients=recipients, **words)


def save(drafter, draft, **words):
    """Word a draft; what is not said is a fair example."""
    wording = Wording(**{"title": TITLE, "addressees": "各设区市科技局", "text": TEXT, **words})
    return save_draft(
        actor=drafter, draft_id=draft.public_id, revision=draft.revision, wording=wording
    )


def step(actor, draft, action, comment="", revision=None):
    """One step."""
    return move_draft(
        actor=actor,
        draft_id=draft.public_id,
        move=Move(DraftAction(action), revision, comment),
    )


def bring(draft, state, drafter, checker):
    """A worded draft at a stage before issue."""
    if state != "draft":
        draft = step(drafter, draft, "send")
    if state == "signing":
        draft = step(checker, draft, "check")
    return draft


def issue(draft, drafter, checker, signer):
    """All the way."""
    paper = step(signer, bring(draft, "signing", drafter, checker), "issue").paper
    assert paper is not None
    return paper
