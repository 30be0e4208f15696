"""Kinds of documents, and kinds of data documents speak of, registered by the apps that know them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from county_portal.accounts.models import Office, User
from county_portal.documents.enums import Layout


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of data a document speaks of, by the digest it had when it was read."""

    kind: str
    key: str
    label: str  # as people call it: 霸州市2020年度填报表
    sha256: str


@dataclass(frozen=True, slots=True)
class Composed:
    """What a kind proposes for a draft; people may word it differently, but for tables and sources."""

    title: str
    addressees: str
    text: str
    tables: Mapping[str, object]
    attachments: tuple[Mapping[str, str], ...]
    sources: tuple[Source, ...]
    recipients: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document (文种). `compose` proposes a draft from its subject's key; None: written freely."""

    name: str
    label: str  # 通知, 通报, 函, 推荐函 …
    layouts: tuple[Layout, ...]
    template: str  # of the text people begin with, in templates/documents/texts/
    compose: Callable[[User, str], Composed] | None = None


@dataclass(frozen=True, slots=True)
class DataKind:
    """A kind of data. `digest_of` reads the digest of one piece now, None where it is gone.

    `lock` keeps it from changing until the transaction ends.
    """

    name: str
    label: str  # 填报表, 评价运行 …
    digest_of: Callable[[str], str | None]
    lock: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class IssuedKind:
    """A kind of document another app issues by an act of its own, with no draft among documents.

    `page_of` gives the label and the address of that app's page of one, by the document's primary key;
    `public_page_of` those of the page everybody may read. `drafters_of` names who drew up what they carry.
    `stands_with` names what the document cannot be voided without, and says what to do instead.
    """

    name: str
    label: str
    page_of: Callable[[int], tuple[str, str] | None] | None = None
    public_page_of: Callable[[int], tuple[str, str] | None] | None = None
    stands_with: str = ""
    drafters_of: Callable[[Collection[int]], Mapping[int, str]] | None = None


_DOCUMENTS: dict[str, DocumentKind] = {}
_ISSUED: dict[str, IssuedKind] = {}
_DATA: dict[str, DataKind] = {}

_GENERAL, _LETTER = (Layout.GENERAL,), (Layout.LETTER,)
# Kinds an office words freely; the texts people begin with lie in templates/documents/texts/.
WRITTEN = (
    DocumentKind("notice", "通知", (Layout.GENERAL, Layout.LETTER), "notice.txt"),
    DocumentKind("circular", "通报", _GENERAL, "circular.txt"),
    DocumentKind("letter", "函", _LETTER, "letter.txt"),
    DocumentKind("report", "报告", (Layout.UPWARD,), "report.txt"),
)


def register_document(kind: DocumentKind) -> None:
    """Make a kind of document known; called from `AppConfig.ready`."""
    _DOCUMENTS[kind.name] = kind


def register_issued(kind: IssuedKind) -> None:
    """Make a kind known that another app issues; called from `AppConfig.ready`."""
    _ISSUED[kind.name] = kind


def register_data(kind: DataKind) -> None:
    """Make a kind of data known; called from `AppConfig.ready`."""
    _DATA[kind.name] = kind


def document_kinds() -> tuple[DocumentKind, ...]:
    """All kinds of documents, in the order they were registered."""
    return tuple(_DOCUMENTS.values())


def document_kind(name: str) -> DocumentKind:
    """A kind of document. KeyError for one no installed app knows."""
    return _DOCUMENTS[name]


def issued_kind(name: str) -> IssuedKind | None:
    """What an app that issues documents of this kind itself says of them; None for kinds drafted here."""
    return _ISSUED.get(name)


def data_kind(name: str) -> DataKind:
    """A kind of data. KeyError for one no installed app knows."""
    return _DATA[name]
