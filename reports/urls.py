"""URLs of reports: report cards, progress reports, evidence packs, and what everybody may read of them."""

from django.urls import path

from reports.views import cards, duties, outputs, packs, progress, progress_filling, summaries

app_name = "reports"

_REPORT = "reports/progress/<uuid:public_id>/"
_YEAR = "reports/progress/<int:year>/"

urlpatterns = [
    path("reports/", cards.cards, name="cards"),
    path("reports/<uuid:public_id>/", cards.year, name="year"),
    path("reports/<uuid:public_id>/batch/", cards.batch, name="batch"),
    path("reports/<uuid:public_id>/<uuid:region_id>/", cards.card, name="card"),
    path("reports/files/<uuid:public_id>/", cards.file, name="file"),
    path("reports/duties/<uuid:public_id>/", duties.duty_table, name="duty_table"),
    path(
        "reports/duties/<uuid:public_id>/workbook/",
        duties.duty_workbook_file,
        name="duty_workbook",
    ),
    path("reports/progress/", progress.progress, name="progress"),
    path(_REPORT, progress.report, name="progress_report"),
    path(f"{_REPORT}fill/", progress_filling.fill, name="progress_fill"),
    path(f"{_REPORT}files/", progress_filling.files, name="progress_files"),
    path(f"{_REPORT}submit/", progress.submit, name="progress_submit"),
    path(f"{_REPORT}recall/", progress.recall, name="progress_recall"),
    path(f"{_REPORT}accept/", progress.accept, name="progress_accept"),
    path(f"{_REPORT}approve/", progress.approve, name="progress_approve"),
    path(f"{_REPORT}return/", progress.give_back, name="progress_return"),
    path(f"{_REPORT}receive/", progress.receive, name="progress_receive"),
    path(f"{_REPORT}send-back/", progress.send_back, name="progress_send_back"),
    path("reports/progress/evidence/<uuid:public_id>/", progress.file, name="progress_file"),
    path(
        "reports/progress/evidence/<uuid:public_id>/remove/",
        progress_filling.file_remove,
        name="progress_file_remove",
    ),
    path(f"{_REPORT}pdf/", outputs.pdf, name="progress_pdf"),
    path(f"{_REPORT}pdf/file/", outputs.pdf_file, name="progress_pdf_file"),
    path(_YEAR, summaries.year, name="progress_year"),
    path(f"{_YEAR}batch/", outputs.batch, name="progress_batch"),
    path(f"{_YEAR}workbook/", outputs.workbook, name="progress_workbook"),
    path(f"{_YEAR}summary/", summaries.save, name="progress_summary"),
    path(f"{_YEAR}publish/", summaries.publish, name="progress_publish"),
    path("programme/progress/", summaries.public_years, name="public_progress_years"),
    path("programme/progress/<int:year>/", summaries.public_progress, name="public_progress"),
    path("reports/progress/packs/<uuid:public_id>/", packs.packs, name="packs"),
    path("reports/progress/packs/<uuid:public_id>/build/", packs.build, name="pack_build"),
    path("reports/progress/packs/files/<uuid:public_id>/", packs.file, name="pack_file"),
]
