"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "county_portal.accounts"
    label = "accounts"
    verbose_name = "单位与账号"
