"""Tables of official documents."""

from county_portal.documents.models.drafts import Draft, DraftStep
from county_portal.documents.models.handing_on import DraftHandover
from county_portal.documents.models.papers import Binding, Delivery, Paper, PaperFile
from county_portal.documents.models.registers import Register, RegisterYear, VerificationKey

__all__ = [
    "Binding",
    "Delivery",
    "Draft",
    "DraftHandover",
    "DraftStep",
    "Paper",
    "PaperFile",
    "Register",
    "RegisterYear",
    "VerificationKey",
]
