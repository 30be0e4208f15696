"""URLs of documents: an office's own, its registers, and what it received."""

from django.urls import path

from county_portal.documents.views import drafts, papers, received, registers

app_name = "documents"
urlpatterns = [
    path("", papers.home, name="home"),
    path("new/", drafts.new, name="new"),
    path("new/<slug:kind>/", drafts.start, name="start"),
    path("drafts/<uuid:public_id>/", drafts.detail, name="draft"),
    path("drafts/<uuid:public_id>/edit/", drafts.edit, name="edit"),
    path("drafts/<uuid:public_id>/preview.pdf", drafts.preview, name="preview"),
    path("drafts/<uuid:public_id>/recompose/", drafts.recompose, name="recompose"),
    path("drafts/<uuid:public_id>/send/", drafts.send, name="draft_send"),
    path("drafts/<uuid:public_id>/check/", drafts.check, name="draft_check"),
    path("drafts/<uuid:public_id>/give-back/", drafts.give_back, name="draft_give_back"),
    path("drafts/<uuid:public_id>/issue/", drafts.issue, name="draft_issue"),
    path("drafts/<uuid:public_id>/discard/", drafts.discard, name="draft_discard"),
    path("papers/<uuid:public_id>/", papers.detail, name="paper"),
    path("papers/<uuid:public_id>/progress/", papers.progress, name="paper_progress"),
    path("papers/<uuid:public_id>/pdf/", papers.pdf, name="paper_pdf"),
    path("papers/<uuid:public_id>/docx/", papers.docx, name="paper_docx"),
    path("papers/<uuid:public_id>/void/", papers.void, name="paper_void"),
    path("papers/<uuid:public_id>/correct/", papers.correct, name="paper_correct"),
    path("papers/<uuid:public_id>/anew/", papers.anew, name="paper_anew"),
    path("received/", received.received, name="received"),
    path("received/<uuid:public_id>/", received.detail, name="received_paper"),
    path("registers/", registers.registers, name="registers"),
    path("registers/new/", registers.new, name="register_new"),
    path("registers/<uuid:public_id>/", registers.detail, name="register"),
    path("registers/<uuid:public_id>/edit/", registers.edit, name="register_edit"),
    path("registers/<uuid:public_id>/export.xlsx", registers.export, name="register_export"),
]
