"""The 通知 a list is published by: issued in the transaction of the publication, bound to list and run."""

from county_portal.accounts.models import User
from county_portal.accounts.selectors import list_reviewing_offices
from county_portal.common.errors import Stale
from county_portal.documents.actions.issuing import Issue, issue_paper
from county_portal.documents.actions.standing import lapse_papers
from county_portal.documents.kinds import Source
from county_portal.documents.models import Paper
from county_portal.documents.notifications import tell_delivery
from scoring.enums import LIST_DATA, LIST_PAPER, RUN_DATA
from scoring.list_document import official_list
from scoring.models import PublishedList
from scoring.selectors.list_documents import list_document, list_register, list_settings


def issue_list(actor: User, published: PublishedList) -> Paper:
    """Issue a locked list that is being published. Raises Stale without a register that gives the number."""
    register = list_register()
    if register is None:
        prefix = list_settings().register
        raise Stale(
            "list_register_missing",
            f"没有启用代字“{prefix}”的发文登记簿，名单不能编号公布。请先在“发文登记簿”中建立或启用，再公布。",
        )
    former = _lock_former(published)
    # Those it is addressed to, as far as they have an office here.
    recipients = list(list_reviewing_offices())
    paper = issue_paper(
        actor=actor,
        issue=Issue(
            kind=LIST_PAPER,
            register=register,
            document=official_list(list_document(published)),
            sources=sources_of(published),
            recipients=recipients,
            replaces=former.paper if former and former.paper and former.paper.is_valid else None,
            replace_reason=published.correction_reason,
        ),
    )
    tell_delivery(paper, recipients)
    if former is not None:
        lapse_papers(
            actor=actor,
            kind=LIST_DATA,
            keys=[str(former.public_id)],
            reason=f"所依据的{former.document_number}名单已由{paper.number}更正。",
        )
    return paper


def sources_of(published: PublishedList) -> tuple[Source, ...]:
    """What a document that speaks of a list is bound to: the list, and the run it was drawn from."""
    run = published.run
    return (
        Source(RUN_DATA, str(run.public_id), str(run), run.digest),
        Source(LIST_DATA, str(published.public_id), str(published), published.digest),
    )


def _lock_former(published: PublishedList) -> PublishedList | None:
    """The list this one corrects, so that nobody issues anything on it meanwhile."""
    if published.supersedes_id is None:
        return None
    lists = PublishedList.objects.select_for_update(of=("self",)).select_related("paper")
    return lists.get(pk=published.supersedes_id)
