"""What operators read is what the program does."""

import re
from pathlib import Path

from django.conf import settings

from county_portal.guides.configuration import TABLE, settings_table

FOLDER = TABLE.parent


def test_the_table_of_variables_is_current():
    assert TABLE.read_text(encoding="utf-8") == settings_table(), "run manage.py document_settings"


def test_every_variable_is_described_and_in_the_sample():
    sample = (Path(settings.BASE_DIR) / ".env.sample").read_text(encoding="utf-8")
    for row in settings.PORTAL_VARIABLES:
        assert row.words, row.name
        assert re.search(rf"^{row.name}=", sample, re.MULTILINE), row.name


def test_commands_the_pages_name_exist():
    """`make x` is a target, `manage.py x` is a command."""
    from django.core.management import get_commands

    makefile = (Path(settings.BASE_DIR) / "Makefile").read_text(encoding="utf-8")
    for page in FOLDER.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"make ([a-z]+)", text):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)
        for command in re.findall(r"manage\.py ([a-z_]+)", text):
            assert command in get_commands(), (page.name, command)


def test_links_between_the_pages_lead_somewhere():
    for page in FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), (page.name, target)
