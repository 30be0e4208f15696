"""Issuing: the number, the code and the sealed content, all in the transaction of the act that issues."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from county_portal.accounts.models import Office, User
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.documents.actions.standing import replace_paper
from county_portal.documents.codes import new_code
from county_portal.documents.content import canonical_content, sha256_of
from county_portal.documents.enums import PAPER_FILES_JOB, PaperFileKind
from county_portal.documents.kinds import Source, data_kind
from county_portal.documents.models import Binding, Delivery, Paper, Register, RegisterYear
from county_portal.documents.official import OfficialDocument, document_number
from county_portal.jobs.actions import Order, start_job


@dataclass(frozen=True, slots=True)
class Issue:
    """What is issued. The document's number is blank: it is given here."""

    kind: str
    register: Register
    document: OfficialDocument
    sources: Sequence[Source] = ()
    recipients: Sequence[Office] = ()
    replaces: Paper | None = None
    replace_reason: str = ""


def issue_paper(*, actor: User, issue: Issue) -> Paper:
    """Give the number and seal the content; the files follow by a job. Belongs into the caller's transaction.

    The caller has authorised the act. Raises Stale `bound_data_changed` if the data a document speaks of is
    no longer what it was when it was drafted.
    """
    require_unchanged(issue.sources)
    if issue.replaces is not None:
        # Before the record's lock, which whoever voids it takes second too.
        Paper.objects.select_for_update(of=("self",)).get(pk=issue.replaces.pk)
    document = issue.document
    issued_on = document.signature.signed_on
    serial = take_serial(issue.register, issued_on.year)
    number = document_number(issue.register.prefix, issued_on.year, serial)
    document = replace(document, letterhead=replace(document.letterhead, number=number))
    paper = keep_paper(
        actor=actor,
        paper=Paper(
            kind=issue.kind,
            layout=document.layout,
            title=document.title,
            issuer=document.signature.office,
            office=issue.register.office,
            register=issue.register,
            year=issued_on.year,
            serial=serial,
            number=number,
            issued_on=issued_on,
            content=canonical_content(document),
        ),
        sources=issue.sources,
    )
    Delivery.objects.bulk_create(
        Delivery(paper=paper, office=office) for office in issue.recipients
    )
    if issue.replaces is not None:
        replace_paper(actor=actor, paper=issue.replaces, by=paper, reason=issue.replace_reason)
    order_files(actor, paper)
    return paper


def keep_paper(*, actor: User, paper: Paper, sources: Sequence[Source]) -> Paper:
    """Seal an issued document: digest, code, bindings, record. `paper` carries everything else.

    From here until the transaction ends all records wait: nothing slow may follow. What prints the code
    before it is sealed brings its own (`codes.new_code`).
    """
    paper.content_sha256 = sha256_of(paper.content)
    paper.code = paper.code or new_code()
    paper.issued_at, paper.issued_by = clock.now(), actor
    paper.issued_for = actor.acts_for.display_name if actor.acts_for else ""
    paper.save()
    Binding.objects.bulk_create(
        Binding(
            paper=paper,
            kind=source.kind,
            key=source.key,
            label=source.label,
            sha256=source.sha256,
        )
        for source in sources
    )
    detail = {"number": paper.number, "title": paper.title, "sha256": paper.content_sha256}
    record(actor, Entry("issue_paper", "paper", str(paper.public_id), detail))
    return paper


def take_serial(register: Register, year: int) -> int:
    """The next number of a register's year; others wait until this transaction has ended, one way or the other."""
    RegisterYear.objects.bulk_create(
        [RegisterYear(register=register, year=year)], ignore_conflicts=True
    )
    row = RegisterYear.objects.select_for_update().get(register=register, year=year)
    row.last_serial += 1
    row.save(update_fields=["last_serial"])
    return row.last_serial


def require_unchanged(sources: Sequence[Source]) -> None:
    """Raise Stale unless each piece of data still has its digest; the data stays locked until the end."""
    for source in sources:
        kind = data_kind(source.kind)
        kind.lock(source.key)
        if kind.digest_of(source.key) != source.sha256:
            raise Stale(
                "bound_data_changed",
                f"“{source.label}”在拟稿之后有变化，本文稿不能签发。请退回拟稿人，按最新数据重新生成后再办理。",
            )


def order_files(actor: User, paper: Paper) -> None:
    """Have the files of an issued document made by a worker."""
    start_job(
        actor=actor,
        order=Order(
            PAPER_FILES_JOB,
            f"生成{paper.number}文件",
            files_subject(paper),
            [str(kind) for kind in PaperFileKind],
            {"paper": paper.pk},
        ),
    )


def files_subject(paper: Paper) -> str:
    """What the job that makes a document's files is about."""
    return f"paper:{paper.pk}"
