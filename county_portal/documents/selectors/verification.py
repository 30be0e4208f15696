"""What anybody may learn of issued documents: who holds a code or a file, and the published keys."""

from dataclasses import dataclass

from county_portal.documents.codes import shown_code
from county_portal.documents.enums import PaperFileKind, PaperStatus
from county_portal.documents.kinds import issued_kind
from county_portal.documents.models import Paper, PaperFile, VerificationKey
from county_portal.documents.receipts import PublishedKey, published_key

# status → (tone, icon, what its reader is told)
_STANDINGS = {
    PaperStatus.VALID: ("success", "check-circle-fill", "本件由下列机关签发，现行有效。"),
    PaperStatus.REPLACED: (
        "warning",
        "exclamation-triangle-fill",
        "本件已由更正后的公文代替，不再有效，请以更正后的公文为准。",
    ),
    PaperStatus.VOID: ("danger", "x-circle-fill", "本件已由签发机关撤销，不再有效。"),
    PaperStatus.LAPSED: (
        "danger",
        "slash-circle",
        "本件所依据的数据在签发后发生变化，本件已失效，请向签发机关索取新的公文。",
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An issued document as its verifier sees it; the page count is 0 while the PDF is being made."""

    paper: Paper
    files: tuple[PaperFile, ...]
    tone: str
    icon: str
    sentence: str
    # Label and address of the public page it was issued from.
    origin: tuple[str, str] | None = None

    @property
    def code(self) -> str:
        """As printed."""
        return shown_code(self.paper.code)

    @property
    def pages(self) -> int:
        """Of the PDF."""
        return next((file.pages for file in self.files if file.kind == PaperFileKind.PDF), 0)

    @property
    def is_signed(self) -> bool:
        """Whether the PDF carries an electronic seal."""
        return any(file.is_signed for file in self.files)

    def match(self, sha256: str) -> PaperFile | None:
        """The file that has this digest."""
        return next((file for file in self.files if file.file.sha256 == sha256), None)


def standing_of(paper: Paper) -> Standing:
    """What a verifier is told of a document."""
    tone, icon, sentence = _STANDINGS[PaperStatus(paper.status)]
    files = paper.files.select_related("file").order_by("-kind")  # PDF first
    kind = issued_kind(paper.kind)
    origin = kind.public_page_of(paper.pk) if kind and kind.public_page_of else None
    return Standing(paper, tuple(files), tone, icon, sentence, origin)


def find_paper_file(sha256: str) -> PaperFile | None:
    """The issued file with this digest, whoever asks: only its holder can know it."""
    return (
        PaperFile.objects.select_related("paper", "paper__replaced_by", "file")
        .filter(file__sha256=sha256)
        .first()
    )


def list_keys() -> list[PublishedKey]:
    """All published keys, the newest first, retired ones too: their receipts are still about."""
    return [
        published_key(row.public_pem, row.created_at, row.retired_at)
        for row in VerificationKey.objects.all()
    ]
