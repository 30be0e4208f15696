"""A typed rule laid out for a page: inputs with their names, values and errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.forms.rule_fields import FIELDS, ROW_NOUNS, ROWS, Entry, Field
from scoring.forms.rules import TypedRule
from scoring.schemes.words import FIGURE_KINDS, KINDS


@dataclass(frozen=True, slots=True)
class Input:
    """One input; `control` is text, check, select or area."""

    name: str
    label: str
    value: str
    control: str = "text"
    hint: str = ""
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row of a table of inputs; `place` counts from 0."""

    place: int
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A class of counties with its rule."""

    place: int
    name: Input
    counties: Input
    pattern: Input
    rule: "RulePage"


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule; `noun` names its rows and is blank where it has none."""

    prefix: str
    kind: Input
    inputs: tuple[Input, ...]
    noun: str = ""
    columns: tuple[Field, ...] = ()
    rows: tuple[InputRow, ...] = ()
    groups: tuple[GroupPage, ...] = ()
    other: "RulePage | None" = None

    @property
    def is_by_peer(self) -> bool:
        """Whether counties fall into classes."""
        return self.other is not None


ItemChoices = Sequence[tuple[str, str]]


def rule_page(
    typed: TypedRule, prefix: str, errors: Mapping[str, str], items: ItemChoices = ()
) -> RulePage:
    """The page of a rule; `items` are the kinds of evidence that counties can list."""
    kinds = KINDS if prefix == "rule" else {key: KINDS[key] for key in FIGURE_KINDS}
    kind = Input(f"{prefix}-kind", "计分办法", typed.kind, "select", "", "", tuple(kinds.items()))
    inputs = tuple(
        _input(each, f"{prefix}-{each.key}", typed.fields.get(each.key, ""), errors)
        for each in FIELDS[typed.kind]
    )
    if typed.kind in ROWS:
        columns = ROWS[typed.kind]
        rows = tuple(
            InputRow(i, _row(row, columns, f"{prefix}-{i}", errors, items, i))
            for i, row in enumerate(typed.rows)
        )
        return RulePage(prefix, kind, inputs, ROW_NOUNS[typed.kind], columns, rows)
    if typed.kind != "by-peer":
        return RulePage(prefix, kind, inputs)
    groups = tuple(_group(typed, i, f"{prefix}-g{i}", errors) for i in range(len(typed.groups)))
    other = rule_page(typed.other or TypedRule.blank("piecewise"), f"{prefix}-other", errors)
    return RulePage(prefix, kind, inputs, groups=groups, other=other)


def _input(each: Field, name: str, value: str, errors: Mapping[str, str]) -> Input:
    control = {
        Entry.CHECK: "check",
        Entry.CHOICE: "select",
        Entry.FORMULA: "area",
    }.get(each.entry, "text")
    is_number = each.entry in {Entry.NUMBER, Entry.OPTIONAL, Entry.WHOLE, Entry.MARK}
    return Input(
        name,
        each.label,
        value,
        control,
        each.hint,
        errors.get(name, ""),
        each.choices,
        is_number,
    )


def _row(
    row: Mapping[str, str],
    columns: Sequence[Field],
    prefix: str,
    errors: Mapping[str, str],
    items: ItemChoices,
    place: int,
) -> tuple[Input, ...]:
    inputs = []
    for each in columns:
        made = _input(each, f"{prefix}-{each.key}", row.get(each.key, ""), errors)
        label = f"第{place + 1}行{each.label}"
        if each.key == "code" and items:
            made = _code_choice(made, items)
        inputs.append(
            Input(
                made.name,
                label,
                made.value,
                made.control,
                "",
                made.error,
                made.choices,
                made.is_number,
            )
        )
    return tuple(inputs)


def _code_choice(made: Input, items: ItemChoices) -> Input:
    """The kinds counties can list; one that is not among them stays as it is, for the faults to name."""
    choices = [("", "请选择"), *items]
    if made.value and made.value not in dict(items):
        choices.append((made.value, f"{made.value}（不在指标体系中）"))
    return Input(made.name, made.label, made.value, "select", "", made.error, tuple(choices))


def _group(typed: TypedRule, place: int, prefix: str, errors: Mapping[str, str]) -> GroupPage:
    group = typed.groups[place]
    name, codes = f"{prefix}-name", f"{prefix}-codes"
    return GroupPage(
        place,
        Input(name, "组名", group.name, hint="例如“市辖区”“县级市”。", error=errors.get(name, "")),
        Input(
            codes,
            "县（市、区）",
            group.counties,
            "area",
            "每行一个，写区划代码或名称。",
            errors.get(codes, ""),
        ),
        Input(
            f"{prefix}-pattern",
            "按名称挑选",
            group.pattern,
            hint="例如“区”“自治县”，或区划代码的前几位。",
        ),
        rule_page(group.rule, f"{prefix}-rule", errors),
    )
