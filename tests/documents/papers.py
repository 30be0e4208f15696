"""Issued documents for tests, by the real act."""

from dataclasses import replace
from datetime import date

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.documents.actions.issuing import Issue, issue_paper
from county_portal.documents.blocks import Paragraph
from county_portal.documents.enums import Layout
from county_portal.documents.models import Paper, Register
from county_portal.documents.official import Imprint, Letterhead, OfficialDocument, Signature

ISSUER = "河北省科学技术厅"


def make_register(user: User, prefix: str = "冀科试", issuer: str = ISSUER) -> Register:
    """A register of the user's office."""
    return Register.objects.create(
        office=user.office,
        prefix=prefix,
        layout=Layout.GENERAL,
        sender=f"{issuer}文件",
        issuer=issuer,
        printed_by=f"{issuer}办公室",
    )


def notice(
    title: str = "关于报送县域科技创新材料的通知", issuer: str = ISSUER, text: str = ""
) -> OfficialDocument:
    """A short 通知, not numbered yet."""
    return OfficialDocument(
        layout=Layout.GENERAL,
        letterhead=Letterhead(f"{issuer}文件", ""),
        title_lines=(issuer, title),
        addressees="各市科技局",
        blocks=(Paragraph(text or "请于2026年3月31日前报送有关材料。"),),
        signature=Signature(issuer, date(2026, 3, 2)),
        imprint=Imprint((), f"{issuer}办公室", date(2026, 3, 2)),
    )


def issue(user: User, register: Register | None = None, **changes: object) -> Paper:
    """An issued notice; its files are left to whoever asks for them."""
    register = register or make_register(user)
    document = replace(notice(issuer=register.issuer))
    with transaction.atomic():
        return issue_paper(
            actor=user,
            issue=Issue("notice", register, document, **changes),  # type: ignore[arg-type]  # a test's own
        )
