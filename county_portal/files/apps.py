"""The file store app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "county_portal.files"
    label = "files"
    verbose_name = "文件"
