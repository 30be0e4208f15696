"""The formal check of one application: what is computed of it now."""

from applications.enums import APPLICATION_DATA
from applications.models import Application, CountyApproval
from applications.rules.formal import Finding, FormalFacts, findings_of
from applications.rules.materials import digest_of
from applications.selectors.letters import valid_letter
from applications.selectors.materials import list_gaps, read_materials
from county_portal.documents.models import Binding, Paper


def check_formally(application: Application) -> list[Finding]:
    """Everything that can be computed of an application, as it is now."""
    materials = read_materials(application)
    approval = CountyApproval.objects.filter(application=application).first()
    letter = valid_letter(application)
    return findings_of(
        FormalFacts(
            gaps=list_gaps(application, materials),
            current_digest=digest_of(materials),
            handed_in_digest=application.content_digest,
            approved_digest=approval.content_digest if approval else "",
            approval_number=approval.document_number if approval else "",
            letter_number=letter.number if letter else "",
            letter_digest=_bound_digest(letter, application) if letter else "",
        )
    )


def _bound_digest(letter: Paper, application: Application) -> str:
    bindings = Binding.objects.filter(
        paper=letter, kind=APPLICATION_DATA, key=str(application.public_id)
    )
    return bindings.values_list("sha256", flat=True).first() or ""
