"""What the launcher watches for changes is what Django collects."""

from pathlib import Path

from django.contrib.staticfiles.finders import get_finders

from county_portal.launcher.commands import static_folders
from county_portal.launcher.processes import PROJECT_DIR


def test_every_folder_of_the_project_that_is_collected_is_watched():
    collected = {
        Path(storage.path(""))
        for finder in get_finders()
        for _, storage in finder.list([])
        if storage.path("").startswith(f"{PROJECT_DIR}/")
        and not storage.path("").startswith(f"{PROJECT_DIR}/.venv")
    }

    assert collected == set(static_folders())
