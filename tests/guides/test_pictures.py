"""Every picture a guide shows was taken, and every one taken is shown."""

import re

import pytest
from PIL import Image

from county_portal.guides.library import library
from tests.e2e.pictures import FOLDER, LARGEST, list_pictures

_SHOWN = re.compile(r"!\[[^\]]+\]\(\.\./images/guides/([\w-]+)\.png\)")
SHOWN = {name for guide in library().guides.values() for name in _SHOWN.findall(guide.text)}


def test_guides_show_exactly_the_pictures_there_are():
    listed = {picture.name for picture in list_pictures()}

    assert listed == SHOWN
    assert {path.stem for path in FOLDER.glob("*.png")} == listed


@pytest.mark.parametrize("picture", list_pictures(), ids=lambda picture: picture.name)
def test_a_picture_is_of_a_desk_and_small(picture):
    with Image.open(picture.path) as image:
        assert image.size == (1366, 768)
    assert picture.path.stat().st_size <= LARGEST


def test_every_picture_is_described():
    for guide in library().guides.values():
        for line in guide.text.splitlines():
            if line.startswith("!["):
                assert _SHOWN.match(line), line
