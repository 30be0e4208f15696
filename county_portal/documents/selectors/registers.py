"""Registers (发文登记簿) of one's office, and what they hold: searchable, filtered, year by year."""

import re
import unicodedata
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common.errors import Invalid
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.kinds import DocumentKind, document_kind
from county_portal.documents.models import Paper, Register
from county_portal.documents.selectors.drafts import is_staff

_OPENING = "〔[(（【﹝［{"
_CLOSING = "〕])）】﹞］}"
_BRACKETS = str.maketrans(dict.fromkeys(_OPENING, "〔") | dict.fromkeys(_CLOSING, "〕"))
_NUMBER = re.compile(
    r"(?P<prefix>\D*?)〔?(?P<year>(?:19|20)\d\d)〕?年?[-—–/]?第?0*(?P<serial>\d{1,6})号?"
)
_SERIAL = re.compile(r"第?0*(\d{1,6})号")


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """What a register is narrowed to, as it stands in the address."""

    text: str = ""
    year: int | None = None
    status: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text or self.year or self.status)

    def narrowed(self, status: str) -> "PaperFilter":
        """The same for one standing."""
        return replace(self, status=status)


def list_registers(user: User) -> QuerySet[Register]:
    """Registers of one's own office with how many numbers they gave."""
    if not is_staff(user):
        return Register.objects.none()
    return Register.objects.filter(office_id=user.office_id).annotate(
        given=Count("papers"), last_year=Max("papers__year")
    )


def get_register(user: User, public_id: UUID, *, lock: bool = False) -> Register:
    """One of those; 404 otherwise."""
    registers = Register.objects.filter(office_id=user.office_id) if is_staff(user) else None
    if registers is None:
        registers = Register.objects.none()
    if lock:
        registers = registers.select_for_update(of=("self",))
    return get_object_or_404(registers, public_id=public_id)


def find_kind(name: str) -> DocumentKind:
    """A kind of document by its name in an address; 404 for one no installed app knows."""
    try:
        return document_kind(name)
    except KeyError as error:
        raise Http404 from error


def list_usable(user: User, kind: DocumentKind) -> QuerySet[Register]:
    """Registers of the office in which a kind of document may be numbered."""
    if not user.holds(Permission.DRAFT_DOCUMENT):
        return Register.objects.none()
    return Register.objects.filter(
        office_id=user.office_id, is_active=True, layout__in=kind.layouts
    )


def register_refusal(office_id: int, register: Register, kind: DocumentKind) -> Invalid | None:
    """Why an office cannot number a document of this kind in this register."""
    name = f"登记簿“{register.prefix}”"
    if register.office_id != office_id:
        return Invalid(
            "register_foreign", f"{name}不属于本单位，请选择本单位的登记簿。", "register"
        )
    if not register.is_active:
        return Invalid(
            "register_inactive",
            f"{name}已停用，不能再编号。请换用其他登记簿，或请签发人启用后再办理。",
            "register",
        )
    if register.layout not in kind.layouts:
        return Invalid(
            "register_layout",
            f"{name}为{register.get_layout_display()}，不适用于“{kind.label}”，请选择其他登记簿。",
            "register",
        )
    return None


def is_used(register: Register) -> bool:
    """Whether a number was ever given; then nothing but its being in use may change."""
    return register.years.exists() or register.papers.exists()


# --- what a register holds ---------------------------------------------------------------------------


def list_years(register: Register) -> list[int]:
    """Years in which numbers were given, newest first."""
    years = register.papers.order_by("-year").values_list("year", flat=True).distinct()
    return [year for year in years if year is not None]


def list_registered(register: Register, wanted: PaperFilter) -> QuerySet[Paper]:
    """Its documents as filtered, newest number first, with who drafted, checked and signed them."""
    papers = register.papers.select_related(
        "issued_by", "draft__drafted_by", "draft__checked_by", "replaced_by"
    ).annotate(pages=Max("files__pages", filter=Q(files__kind=PaperFileKind.PDF)))
    if wanted.year:
        papers = papers.filter(year=wanted.year)
    if wanted.status:
        papers = papers.filter(status=wanted.status)
    if wanted.text.strip():
        papers = papers.filter(text_condition(wanted.text))
    return papers.order_by("-year", "-serial")


def text_condition(text: str) -> Q:
    """Documents meant by a title or by a number, however it is written: (2024)第05号, 2024-5, ［2024］5."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    named = _NUMBER.fullmatch(plain.translate(_BRACKETS))
    if named:
        condition = Q(year=int(named["year"]), serial=int(named["serial"]))
        prefix = named["prefix"].rstrip("〔")
        return condition & Q(register__prefix__icontains=prefix) if prefix else condition
    serial = _SERIAL.fullmatch(plain)
    if serial:
        return Q(serial=int(serial[1])) | Q(title__icontains=text.strip())
    return Q(title__icontains=text.strip()) | Q(number__icontains=plain.translate(_BRACKETS))
