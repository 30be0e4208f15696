"""What a list is narrowed to, read from an address and written back."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django import forms
from django.http import QueryDict

from county_portal.common.list_filters import ListFilter, chip_field, region_field

STATES = [("open", "办理中"), ("closed", "已办结"), ("void", "已作废")]
OFFICE = uuid4()


@dataclass(frozen=True)
class Wanted:
    year: int | None = None
    office: UUID | None = None
    state: str = ""
    text: str = ""
    only: bool = False


@dataclass(frozen=True)
class Bureau:
    public_id: UUID
    short_name: str


class Form(ListFilter[Wanted]):
    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    office = forms.ChoiceField(required=False)
    q = region_field()
    only = forms.BooleanField(required=False)
    state = chip_field()

    def __init__(self, address, offices=(Bureau(OFFICE, "廊坊市局"),)):
        super().__init__(QueryDict(address))
        self.offer("year", [(2024, "2024年")], "全部年度")
        self.offer_offices(offices)

    @property
    def wanted(self):
        return Wanted(
            self.number("year"),
            self.identity("office"),
            self.one_of("state", dict(STATES)),
            self.said("q"),
            bool(self.said("only")),
        )


def test_what_is_understood_narrows():
    form = Form(f"year=2024&office={OFFICE}&state=open&q=霸州&only=on")

    assert form.wanted == Wanted(2024, OFFICE, "open", "霸州", True)
    assert form.is_narrowed


@pytest.mark.parametrize(
    "address", ["", "year=1999", "year=x", "office=1", "state=nonsense", "q=", "only=", "other=1"]
)
def test_what_is_not_understood_narrows_nothing(address):
    form = Form(address)

    assert form.wanted == Wanted()
    assert not form.is_narrowed


def test_one_field_of_nonsense_leaves_the_others_standing():
    assert Form("year=1999&state=open").wanted == Wanted(state="open")


def test_the_address_says_the_same_again():
    form = Form(f"year=2024&office={OFFICE}&state=open&q=霸州&only=on&other=1")

    assert Form(form.address()[1:]).wanted == form.wanted
    assert Form(form.address(state="")[1:]).wanted == Wanted(2024, OFFICE, "", "霸州", True)
    assert Form("").address() == "?"


def test_who_has_no_offices_to_choose_is_not_asked():
    form = Form(f"office={OFFICE}", offices=None)

    assert "office" not in form.fields
    assert form.wanted == Wanted()


def test_chips_show_what_there_is_and_what_is_chosen():
    chips = Form("state=void&year=2024").chips(
        "state", STATES, {"open": 2, "closed": 0}, {"open": "info"}
    )

    assert [(chip.label, chip.count, chip.current, chip.tone) for chip in chips] == [
        ("全部", 2, False, ""),
        ("办理中", 2, False, "info"),
        ("已作废", 0, True, ""),
    ]
    assert chips[0].url == "?year=2024"
    assert chips[1].url == "?year=2024&state=open"
