"""URLs of announcements as they are read."""

from django.urls import path

from county_portal.administration.views import board

app_name = "announcements"
urlpatterns = [
    path("", board.board, name="board"),
    path("public/", board.public_board, name="public_board"),
    path("public/<uuid:public_id>/", board.public_announcement, name="public_announcement"),
    path("public/<uuid:public_id>/files/<uuid:file_id>/", board.public_file, name="public_file"),
    path("<uuid:public_id>/", board.announcement, name="announcement"),
    path("<uuid:public_id>/files/<uuid:file_id>/", board.file, name="file"),
]
