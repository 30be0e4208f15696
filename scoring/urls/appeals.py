"""Appeals against a line of a published result."""

from django.urls import path

from scoring.views import appeal, appeals

_LINES = "scoring/appeals/lists/<uuid:public_id>/counties/<uuid:region_id>/"
_APPEAL = "scoring/appeals/<uuid:public_id>/"

urlpatterns = [
    path("scoring/appeals/", appeals.appeals, name="appeals"),
    path("scoring/appeals/appeals.xlsx", appeals.appeals_xlsx, name="appeals_xlsx"),
    path(_LINES, appeals.lines, name="appeal_lines"),
    path(f"{_LINES}<slug:code>/", appeals.file, name="appeal_file"),
    path(_APPEAL, appeal.appeal, name="appeal"),
    path(f"{_APPEAL}opinion/", appeal.opinion, name="appeal_opine"),
    path(f"{_APPEAL}go-on/", appeal.go_on, name="appeal_go_on"),
    path(f"{_APPEAL}review/", appeal.review, name="appeal_review"),
    path(f"{_APPEAL}decide/", appeal.decide, name="appeal_decide"),
    path(f"{_APPEAL}withdraw/", appeal.withdraw, name="appeal_withdraw"),
    path(f"{_APPEAL}files/<uuid:file_id>/", appeal.evidence, name="appeal_evidence"),
]
