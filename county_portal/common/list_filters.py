"""What a list is narrowed to, in the address: read leniently, written back exactly."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms

from county_portal.common.components import Chip
from county_portal.common.fields import CleanCharField

Wanted = TypeVar("Wanted")


class NamedOffice(Protocol):
    """What is needed of an office to choose it."""

    public_id: UUID
    short_name: str


def region_field(label: str = "县（市、区）") -> CleanCharField:
    """A region looked for by what people know of it."""
    widget = forms.TextInput(attrs={"placeholder": "名称、拼音或区划代码"})
    return CleanCharField(label=label, required=False, max_length=60, widget=widget)


def chip_field() -> forms.CharField:
    """A choice that is offered as chips beside the form, and kept when the form is sent."""
    return forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class ListFilter(forms.Form, Generic[Wanted]):
    """A form sent by GET; what cannot be understood in it narrows nothing, each field for itself.

    `wanted` gives the selectors' own filter, whose default must be the list that is not narrowed.
    """

    @property
    def wanted(self) -> Wanted:
        """The filter the selectors take."""
        raise NotImplementedError

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return self.wanted != type(self.wanted)()

    def offer(self, name: str, choices: Iterable[tuple[Any, str]], every: str = "全部") -> None:
        """Say what may be chosen beside everything."""
        field: Any = self.fields[name]
        field.choices = [("", every), *choices]

    def offer_offices(self, offices: Iterable[NamedOffice] | None) -> None:
        """Let the field `office` choose among these; without any to choose it is taken away."""
        if offices is None:
            self.withhold("office")
            return
        self.offer("office", [(str(row.public_id), row.short_name) for row in offices])

    def withhold(self, *names: str) -> None:
        """Take away fields that mean nothing to this person."""
        for name in names:
            del self.fields[name]

    def said(self, name: str) -> Any:
        """What a field says, cleaned; blank where it is not there or not understood."""
        if not self.is_bound:
            return ""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    def number(self, name: str) -> int | None:
        """The number chosen in a field, if any."""
        return int(self.said(name)) if self.said(name) != "" else None

    def identity(self, name: str) -> UUID | None:
        """The row chosen in a field of public identifiers, if any."""
        return UUID(self.said(name)) if self.said(name) else None

    def one_of(self, name: str, values: Collection[str]) -> str:
        """The chip chosen, if there is such a one."""
        return str(self.said(name)) if self.said(name) in values else ""

    def address(self, **changed: str) -> str:
        """The query string of this list with other filters."""
        kept = {name: "on" if self.said(name) is True else self.said(name) for name in self.fields}
        return "?" + urlencode({name: text for name, text in (kept | changed).items() if text})

    def chips(
        self,
        name: str,
        choices: Iterable[tuple[str, str]],
        counts: Mapping[str, int],
        tones: Mapping[Any, str] | None = None,
    ) -> list[Chip]:
        """All, and each value of a field that anything has; the one that is chosen in any case."""
        choices = list(choices)
        chosen = self.one_of(name, [value for value, _ in choices])
        everything = sum(counts[value] for value, _ in choices if value in counts)
        shown = [(value, label) for value, label in choices if counts.get(value) or value == chosen]
        return [
            Chip("全部", self.address(**{name: ""}), everything, not chosen),
            *(
                Chip(
                    label,
                    self.address(**{name: value}),
                    counts.get(value, 0),
                    value == chosen,
                    (tones or {}).get(value, ""),
                )
                for value, label in shown
            ),
        ]
