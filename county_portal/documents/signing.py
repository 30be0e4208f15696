"""Electronic seals on PDF: the interface, and the implementation with certificates from files.

DOCUMENT_SIGNER names a function `(issuer) -> Signer | None`; None: this office has no seal, its documents are not
signed and say so. A device of a CA (PKCS#11) or an 电子公章 platform is another such function: ADR 0013.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from county_portal.documents.seals import SIZE, draw_seal

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
    from pyhanko.sign.signers.pdf_cms import SimpleSigner

FIELD = "Seal"
_POINTS = 72 / 25.4


@dataclass(frozen=True, slots=True)
class SealPlacement:
    """The seal's centre: page from 1, millimetres from the page's upper left corner."""

    page: int
    left: float
    top: float


class Signer(Protocol):
    """Whoever can seal a PDF for one office."""

    def sign(self, pdf: bytes, placement: SealPlacement, reason: str, signed_at: datetime) -> bytes:
        """The PDF with one signature appended, its seal at `placement`.

        What was rendered stays byte for byte at the beginning. The appended part differs each time, so the
        caller keeps what it got.
        """


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """What is found in a PDF: whose certificate signed it, and whether it still is what was signed."""

    signer: str
    signed_at: datetime | None
    is_intact: bool  # the signature fits, nothing was changed or appended since
    is_trusted: bool  # its certificate goes back to one of the roots asked for


def signer_for(issuer: str) -> Signer | None:
    """The one configured for an office, by its name as it stands under the text."""
    if not settings.DOCUMENT_SIGNER:
        return None
    return cast(Signer | None, import_string(settings.DOCUMENT_SIGNER)(issuer))


def signer_from_files(issuer: str) -> Signer | None:
    """Signs with ISSUER.p12 of DOCUMENT_SEALS_DIR, its password in ISSUER.pass; None where there is none."""
    path = Path(settings.DOCUMENT_SEALS_DIR) / f"{issuer}.p12"
    # A name is compared, never joined into another folder.
    if path.parent != Path(settings.DOCUMENT_SEALS_DIR) or not path.is_file():
        return None
    return CertificateSigner(issuer, path)


@dataclass(frozen=True, slots=True)
class CertificateSigner:
    """Signs by certificate and key from a PKCS#12 file; `words` stand on the seal below the star."""

    issuer: str
    path: Path
    words: str = ""

    def sign(self, pdf: bytes, placement: SealPlacement, reason: str, signed_at: datetime) -> bytes:
        """As the interface says; SHA-256, PAdES baseline, no change allowed afterwards."""
        # pyHanko takes half a second and 28 MB to load, which only signing is worth.
        from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: PLC0415

        writer = _writer(pdf)
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=reason,
            name=self.issuer,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        signer = PdfSigner(
            metadata,
            signer=self.material(),
            stamp_style=_stamp_style(self.issuer, self.words),
            new_field_spec=SigFieldSpec(
                FIELD, on_page=placement.page - 1, box=_box(writer, placement)
            ),
        )
        return _signed(signer, writer, signed_at)

    def material(self) -> "CmsSigner":
        """What signs; a subclass for a device answers pyHanko's PKCS11Signer here and changes nothing else."""
        return _key_material(self.path, self.path.stat().st_mtime_ns)


def _writer(pdf: bytes) -> "IncrementalPdfFileWriter":
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    class Writer(IncrementalPdfFileWriter):
        """Leaves the document's metadata as they were rendered: pyHanko's would contradict each other (PDF/A)."""

        def _update_meta(self) -> None:
            """The signature says itself who made it and when."""

    return Writer(BytesIO(pdf))


def _signed(signer: Any, writer: "IncrementalPdfFileWriter", signed_at: datetime) -> bytes:
    """Sign with the time given, for which pyHanko's own shortcut has no parameter."""
    begin = signer.init_signing_session

    def session(*args: Any, **options: Any) -> Any:
        made = begin(*args, **options)
        made.system_time = signed_at
        return made

    signer.init_signing_session = session
    return bytes(signer.sign_pdf(writer).getbuffer())


def _box(writer: "IncrementalPdfFileWriter", placement: SealPlacement) -> tuple[int, int, int, int]:
    """The seal's box in whole points from below left, as pyHanko wants it."""
    page = writer.prev.root["/Pages"]
    reference, _ = writer.find_page_for_modification(placement.page - 1)  # type: ignore[no-untyped-call]  # pyHanko's
    media = reference.get_object().get("/MediaBox") or page["/MediaBox"]
    left = round(placement.left * _POINTS - SIZE / 2)
    bottom = round(float(media[3]) - placement.top * _POINTS - SIZE / 2)
    side = round(SIZE)
    return left, bottom, left + side, bottom + side


@lru_cache(maxsize=32)
def _key_material(path: Path, changed: int) -> "SimpleSigner":
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415 -- see above

    secret = path.with_suffix(".pass")
    passphrase = secret.read_bytes().strip() if secret.is_file() else None
    return cast("SimpleSigner", SimpleSigner.load_pkcs12_data(path.read_bytes(), [], passphrase))


def _stamp_style(issuer: str, words: str) -> Any:
    from pyhanko.pdf_utils.content import PdfResources, RawContent, ResourceType  # noqa: PLC0415
    from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, pdf_name  # noqa: PLC0415
    from pyhanko.pdf_utils.layout import (  # noqa: PLC0415
        AxisAlignment,
        BoxConstraints,
        InnerScaling,
        Margins,
        SimpleBoxLayoutRule,
    )
    from pyhanko.stamp import StaticContentStamp, StaticStampStyle  # noqa: PLC0415

    class Stamp(StaticContentStamp):
        def as_form_xobject(self) -> Any:
            """A third of the size."""
            drawing = super().as_form_xobject()
            drawing.compress()  # type: ignore[no-untyped-call]  # pyHanko's
            return drawing

    class Style(StaticStampStyle):
        def create_stamp(self, writer: Any, box: Any, text_params: Any) -> Stamp:
            """What is put on the page."""
            return Stamp(writer=writer, style=self, box=box)

    resources = PdfResources()  # type: ignore[no-untyped-call]  # pyHanko's
    # As ink does: what is printed below stays legible.
    ink = DictionaryObject({pdf_name("/BM"): NameObject("/Multiply")})  # type: ignore[no-untyped-call]  # pyHanko's
    resources[ResourceType.EXT_G_STATE][pdf_name("/Ink")] = ink
    seal = RawContent(
        b"/Ink gs\n" + draw_seal(issuer, words), resources, BoxConstraints(SIZE, SIZE)
    )
    return Style(
        border_width=0,
        background=seal,
        background_layout=SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(), InnerScaling.STRETCH_TO_FIT
        ),
    )


def read_signatures(pdf: bytes, roots: Sequence[bytes] = ()) -> list[SignatureFinding]:
    """What the signatures of a PDF say; `roots` are PEM certificates whose word is taken. None: an empty list.

    Raises ValueError for bytes that are no PDF.
    """
    from asn1crypto import pem, x509  # noqa: PLC0415 -- see above
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    trusted = [x509.Certificate.load(pem.unarmor(root)[2]) for root in roots]
    try:
        return _findings(pdf, ValidationContext(trust_roots=trusted, allow_fetching=False))
    except Exception as error:  # the parsers let through whatever broken bytes lead them to
        raise ValueError("not a readable PDF") from error


def _findings(pdf: bytes, context: Any) -> list[SignatureFinding]:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415

    findings = []
    for signature in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures:
        status = validate_pdf_signature(signature, context)
        findings.append(
            SignatureFinding(
                signer=str(signature.signer_cert.subject.native.get("common_name", "")),
                signed_at=signature.self_reported_timestamp,
                is_intact=status.valid and status.intact and status.docmdp_ok is True,
                is_trusted=status.trusted,
            )
        )
    return findings


def trusted_roots() -> list[bytes]:
    """Root certificates whose word is taken: `*.pem` of DOCUMENT_SEALS_DIR."""
    return [path.read_bytes() for path in sorted(Path(settings.DOCUMENT_SEALS_DIR).glob("*.pem"))]
