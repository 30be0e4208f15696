"""The county government's papers of an application: its document, its approval."""

from applications.models import Application, CountyApproval, GovernmentDocument


def document_of(application: Application) -> GovernmentDocument | None:
    """The document on record, with its scan and who recorded it."""
    rows = GovernmentDocument.objects.filter(application=application)
    return rows.select_related("file", "recorded_by__office").first()


def approval_of(application: Application) -> CountyApproval | None:
    """The approval on record, if any; it may be of content that changed since."""
    rows = CountyApproval.objects.filter(application=application)
    return rows.select_related("file", "recorded_by__office").first()
