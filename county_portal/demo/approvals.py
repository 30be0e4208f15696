"""The county governments' approvals in the demonstration: one scan that all share."""

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from county_portal.files.models import StoredFile
from indicators.actions.approval import ApprovalInput, record_approval
from indicators.models import GovernmentApproval, Submission

NAME = "县政府审定意见（扫描件）.pdf"
# A page with nothing on it but its frame; a thousand counties' scans need no more of the disk than this.
PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>endobj
4 0 obj<</Length 44>>stream
2 w 60 60 475 722 re S 90 700 415 1 re S

endstream endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def shared_scan(name: str = NAME) -> StoredFile:
    """The one scan of that name, kept on first use."""
    kept = StoredFile.objects.filter(name=name).first()
    return kept or keep_generated(content=PAGE, name=name, content_type="application/pdf")


def approve(actor: User, submission: Submission, scan: StoredFile) -> None:
    """Record the county government's approval of the sheet as it stands, or again after changes."""
    today = clock.today()
    again = GovernmentApproval.objects.filter(submission=submission).exists()
    name = submission.region.name[0]
    serial = 10 + submission.pk % 80 + (100 if again else 0)
    approval = ApprovalInput(today, f"{name}政字〔{today.year}〕{serial}号", scan)
    record_approval(actor=actor, submission_id=submission.public_id, approval=approval)
