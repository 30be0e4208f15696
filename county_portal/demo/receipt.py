"""What offices do with the documents they receive."""

from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import list_people
from county_portal.documents.actions.receiving import open_delivery
from county_portal.documents.models import Paper


def have_read(paper: Paper) -> None:
    """Every office a past document went to has opened it: nobody's inbox begins with old post."""
    for delivery in paper.deliveries.select_related("office"):
        reader = list_people(delivery.office, Permission.VIEW_DOCUMENTS)[0]
        open_delivery(actor=reader, paper_id=paper.public_id)
