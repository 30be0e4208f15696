"""What a table of counties is narrowed to; it lives in the address."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms

from uplift.selectors.outlook import Outlook

# Key, words, tone, whom it leaves.
_ONLY: tuple[tuple[str, str, str, Callable[[Outlook], bool]], ...] = (
    ("", "全部", "", lambda _: True),
    ("rising", "尚待跃升", "warning", lambda row: bool(row.standing and row.standing.missing)),
    ("in-class", "已在目标类别", "success", lambda row: row.is_in_class),
    ("behind", "落后于进度", "danger", lambda row: row.behind > 0),
    ("growth", "未达增长要求", "danger", lambda row: row.growth_broken > 0),
)


class CountiesForm(forms.Form):
    """Year, class aimed at, name; anything that is none of them narrows nothing."""

    year_field = forms.ChoiceField(label="年度", required=False)
    aimed = forms.ChoiceField(label="目标类别", required=False)
    name = forms.CharField(
        label="县（市、区）",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "名称、拼音或区划代码"}),
    )

    def __init__(
        self, data: Any, *, years: Sequence[int], default: int, classes: Sequence[str]
    ) -> None:
        asked = str(data.get("year", ""))
        self.year = int(asked) if asked in {str(each) for each in years} else default
        shown = {name: data.get(name, "") for name in ("aimed", "name")}
        super().__init__({**shown, "year": str(self.year)})
        self.fields["year"] = self.fields.pop("year_field")
        year: Any = self.fields["year"]
        year.choices = [(each, f"{each}年") for each in years]
        aimed: Any = self.fields["aimed"]
        aimed.choices = [("", "全部"), *((each, f"{each}类") for each in classes)]
        self.order_fields(["year", "aimed", "name"])
        self.wanted_class = data.get("aimed", "") if data.get("aimed") in classes else ""
        self.text = str(data.get("name", "")).strip()
        keys = {key for key, *_ in _ONLY}
        self.only = data.get("only", "") if data.get("only") in keys else ""

    def narrow(self, outlooks: Sequence[Outlook]) -> list[Outlook]:
        """Those asked for."""
        matches = next(match for key, _, _, match in _ONLY if key == self.only)
        return [
            row
            for row in outlooks
            if matches(row)
            and (not self.wanted_class or row.aimed == self.wanted_class)
            and self._is_named(row)
        ]

    def _is_named(self, row: Outlook) -> bool:
        region, text = row.region, self.text
        return (
            not text
            or text in region.full_name
            or text in region.search_name
            or region.pinyin.startswith(text.lower())
            or region.code.startswith(text)
        )

    def choices(self, outlooks: Sequence[Outlook]) -> list[tuple[str, str, str, int]]:
        """Key, words, tone and count of each ready-made choice."""
        return [(key, words, tone, sum(map(match, outlooks))) for key, words, tone, match in _ONLY]

    @property
    def words(self) -> str:
        """What it was narrowed to, for the export."""
        parts = [f"{self.year}年"]
        if self.wanted_class:
            parts.append(f"目标{self.wanted_class}类")
        if self.only:
            parts.append(next(words for key, words, _, _ in _ONLY if key == self.only))
        if self.text:
            parts.append(f"名称含“{self.text[:20]}”")
        return "、".join(parts)

    def address(self) -> str:
        """The query that asks for the same."""
        asked = {
            "year": self.year,
            "aimed": self.wanted_class,
            "name": self.text,
            "only": self.only,
        }
        return "?" + urlencode({key: value for key, value in asked.items() if value})
