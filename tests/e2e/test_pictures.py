"""Every picture of the guides still shows what its page says; `make screenshots` takes them anew."""

import pytest

from tests.e2e.conftest import Enter
from tests.e2e.pictures import Picture, are_wanted, list_pictures, take, visit

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("picture", list_pictures(), ids=lambda picture: picture.name)
def test_the_words_of_a_picture_stand_on_its_page(enter: Enter, picture: Picture):
    person = enter(picture.login)
    visit(person, picture)
    if are_wanted():
        take(person, picture)
