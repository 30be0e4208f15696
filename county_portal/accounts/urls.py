"""URLs of login and accounts."""

from django.urls import path

from county_portal.accounts.views import administration, session

app_name = "accounts"
urlpatterns = [
    path("login/", session.login, name="login"),
    path("logout/", session.logout, name="logout"),
    path("password/", session.password, name="password"),
    path("users/", administration.users, name="users"),
    path("users/new/", administration.create, name="create"),
    path("users/<uuid:public_id>/reset/", administration.reset, name="reset"),
    path("users/<uuid:public_id>/activation/", administration.activation, name="activation"),
    path("users/<uuid:public_id>/unlock/", administration.unlock, name="unlock"),
]
