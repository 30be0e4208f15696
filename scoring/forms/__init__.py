"""Forms of scoring: parsing and wording of input."""

from scoring.forms.lists import ConsentForm, ListForm, SearchForm, WithdrawForm
from scoring.forms.panel import PanelForm
from scoring.forms.robustness import BoundaryForm, StudyForm
from scoring.forms.runs import ResultFilterForm, RunForm

__all__ = [
    "BoundaryForm",
    "ConsentForm",
    "ListForm",
    "PanelForm",
    "ResultFilterForm",
    "RunForm",
    "SearchForm",
    "StudyForm",
    "WithdrawForm",
]
