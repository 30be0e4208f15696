"""The rules of a scheme document: each kind of rule to JSON and back."""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from scoring.engine.canonical import Json
from scoring.engine.numbers import plain
from scoring.engine.reading import Node
from scoring.engine.types import (
    Band,
    ByPeerRule,
    CompletionRule,
    DeviationRule,
    Expression,
    ExpressionRule,
    FigureRule,
    ItemisedRule,
    ItemKind,
    Op,
    PanelMethod,
    PanelRule,
    PeerGroup,
    PercentileRule,
    PiecewiseRule,
    Rule,
)

# A formula that people can still follow; also what keeps reading and scoring it shallow.
DEEPEST: Final = 12
_FEWEST: Final = 2

# How many operands each operation takes; None for two or more.
ARITY: Final[Mapping[Op, int | None]] = {
    Op.NUMBER: 1,
    Op.VALUE: 0,
    Op.NUMERATOR: 0,
    Op.DENOMINATOR: 0,
    Op.ADD: None,
    Op.SUBTRACT: 2,
    Op.MULTIPLY: None,
    Op.DIVIDE: 2,
    Op.MIN: None,
    Op.MAX: None,
    Op.IF_AT_LEAST: 4,
}


def read_rule(node: Node, name: str = "rule") -> Rule:
    """The rule under `name`; where faults are collected, an unreadable one reads as a rule without bands."""
    kind = node.kind(name)
    if kind in _OTHER_RULES:
        return _OTHER_RULES[kind](node, name)
    if kind in _FIGURE_RULES:
        return _FIGURE_RULES[kind](node, name)
    kinds = "、".join([*_FIGURE_RULES, *_OTHER_RULES])
    node.refuse(f"{name}.kind", "rule-unknown", f"应当是以下之一：{kinds}")
    return PiecewiseRule(())


def _read_figure_rule(node: Node, name: str) -> FigureRule:
    """A rule for counties of one class, which must be of a kind that scores a figure."""
    kind = node.kind(name)
    if kind in _FIGURE_RULES:
        return _FIGURE_RULES[kind](node, name)
    kinds = "、".join(_FIGURE_RULES)
    node.refuse(f"{name}.kind", "rule-not-for-peers", f"应当是以下之一：{kinds}")
    return PiecewiseRule(())


def _piecewise(node: Node, name: str) -> PiecewiseRule:
    rule = node.child(name, "kind bands", "allows_jumps")
    bands = rule.children("bands", "from to points_from points_to")
    return PiecewiseRule(tuple(_band(each) for each in bands), rule.truth("allows_jumps"))


def _band(node: Node) -> Band:
    return Band(
        node.number("from"),
        node.optional_number("to"),
        node.number("points_from"),
        node.number("points_to"),
    )


def _itemised(node: Node, name: str) -> ItemisedRule:
    rule = node.child(name, "kind cap items", "exclusive")
    kinds = tuple(_kind(each) for each in rule.children("items", "code name points", "at_most"))
    return ItemisedRule(rule.number("cap"), kinds, rule.text_groups("exclusive"))


def _kind(node: Node) -> ItemKind:
    return ItemKind(
        node.text("code"),
        node.text("name"),
        node.optional_number("points"),
        node.optional_number("at_most"),
    )


def _panel(node: Node, name: str) -> PanelRule:
    rule = node.child(name, "kind method max", "trim")
    method = rule.choice("method", PanelMethod)
    trim = 0
    if method is PanelMethod.TRIMMED_MEAN:
        trim = rule.whole("trim", 1, 9)
    elif rule.raw("trim") is not None:
        rule.refuse("trim", "trim-not-used", "只用于 trimmed-mean（去掉最高最低后平均）")
    return PanelRule(method, rule.number("max"), trim)


def _completion(node: Node, name: str) -> CompletionRule:
    rule = node.child(name, "kind max full_at", "lower_is_better")
    return CompletionRule(rule.number("max"), rule.number("full_at"), rule.truth("lower_is_better"))


def _deviation(node: Node, name: str) -> DeviationRule:
    rule = node.child(name, "kind base step_percent step_points min max", "whole_steps")
    return DeviationRule(
        base=rule.number("base"),
        step_percent=rule.number("step_percent"),
        step_points=rule.number("step_points"),
        whole_steps=rule.truth("whole_steps"),
        minimum=rule.number("min"),
        maximum=rule.number("max"),
    )


def _percentile(node: Node, name: str) -> PercentileRule:
    rule = node.child(name, "kind max", "lower_is_better")
    return PercentileRule(rule.number("max"), rule.truth("lower_is_better"))


def _expression(node: Node, name: str) -> ExpressionRule:
    rule = node.child(name, "kind tree min max")
    return ExpressionRule(
        _tree(rule, rule.raw("tree"), "tree"), rule.number("min"), rule.number("max")
    )


_BROKEN: Final = Expression(Op.VALUE)


def _tree(node: Node, value: object, place: str, depth: int = 1) -> Expression:
    """One operation and its operands; where faults are collected, a broken part reads as the value itself."""
    if not isinstance(value, list) or not value or value[0] not in list(Op):
        ops = "、".join(Op)
        node.refuse(place, "operation-unknown", f"应当是列表，第一项是以下运算之一：{ops}")
        return _BROKEN
    if depth > DEEPEST:
        node.refuse(place, "formula-too-deep", f"算式最多{DEEPEST}层")
        return _BROKEN
    op, operands = Op(value[0]), value[1:]
    wanted = ARITY[op]
    if len(operands) < _FEWEST if wanted is None else len(operands) != wanted:
        count = f"至少{_FEWEST}" if wanted is None else str(wanted)
        node.refuse(place, "operands-miscounted", f"的运算 {op} 要有{count}项")
        return _BROKEN
    if op is Op.NUMBER:
        return Expression(op, number=node.decimal(operands[0], f"{place}[1]"))
    return Expression(
        op,
        tuple(_tree(node, each, f"{place}[{i}]", depth + 1) for i, each in enumerate(operands, 1)),
    )


def _by_peer(node: Node, name: str) -> ByPeerRule:
    rule = node.child(name, "kind groups otherwise")
    groups = tuple(
        PeerGroup(each.text("name"), each.texts("codes"), _read_figure_rule(each, "rule"))
        for each in rule.children("groups", "name codes rule")
    )
    return ByPeerRule(groups, _read_figure_rule(rule, "otherwise"))


_FIGURE_RULES: Final[Mapping[str, Callable[[Node, str], FigureRule]]] = {
    "piecewise": _piecewise,
    "completion": _completion,
    "deviation": _deviation,
    "percentile": _percentile,
    "expression": _expression,
}
_OTHER_RULES: Final[Mapping[str, Callable[[Node, str], Rule]]] = {
    "itemised": _itemised,
    "panel": _panel,
    "by-peer": _by_peer,
}


def rule_json(rule: Rule) -> dict[str, Json]:
    """A rule as it stands in the document, its kind first."""
    match rule:
        case ItemisedRule():
            return {
                "kind": "itemised",
                "cap": plain(rule.cap),
                "items": [_kind_json(kind) for kind in rule.kinds],
                "exclusive": [list(group) for group in rule.exclusive],
            }
        case PanelRule():
            trim: dict[str, Json] = {"trim": rule.trim} if rule.trim else {}
            return {
                "kind": "panel",
                "method": rule.method.value,
                "max": plain(rule.maximum),
                **trim,
            }
        case ByPeerRule():
            return {
                "kind": "by-peer",
                "groups": [
                    {
                        "name": each.name,
                        "codes": [*sorted(each.codes)],
                        "rule": rule_json(each.rule),
                    }
                    for each in rule.groups
                ],
                "otherwise": rule_json(rule.otherwise),
            }
        case _:
            return _figure_rule_json(rule)


def _figure_rule_json(rule: FigureRule) -> dict[str, Json]:
    match rule:
        case PiecewiseRule():
            jumps: dict[str, Json] = {"allows_jumps": True} if rule.allows_jumps else {}
            return {
                "kind": "piecewise",
                "bands": [_band_json(band) for band in rule.bands],
                **jumps,
            }
        case CompletionRule():
            return {
                "kind": "completion",
                "max": plain(rule.maximum),
                "full_at": plain(rule.full_at),
                "lower_is_better": rule.lower_is_better,
            }
        case DeviationRule():
            return {
                "kind": "deviation",
                "base": plain(rule.base),
                "step_percent": plain(rule.step_percent),
                "step_points": plain(rule.step_points),
                "whole_steps": rule.whole_steps,
                "min": plain(rule.minimum),
                "max": plain(rule.maximum),
            }
        case PercentileRule():
            return {
                "kind": "percentile",
                "max": plain(rule.maximum),
                "lower_is_better": rule.lower_is_better,
            }
        case ExpressionRule():
            return {
                "kind": "expression",
                "tree": expression_json(rule.tree),
                "min": plain(rule.minimum),
                "max": plain(rule.maximum),
            }
        case _:  # pragma: no cover -- the type checker proves that no rule is left
            assert_never(rule)


def expression_json(tree: Expression) -> list[Json]:
    """A formula as nested lists, the operation first."""
    if tree.number is not None:
        return [tree.op.value, plain(tree.number)]
    return [tree.op.value, *(expression_json(each) for each in tree.operands)]


def _band_json(band: Band) -> dict[str, Json]:
    return {
        "from": plain(band.start),
        "to": None if band.end is None else plain(band.end),
        "points_from": plain(band.points_start),
        "points_to": plain(band.points_end),
    }


def _kind_json(kind: ItemKind) -> dict[str, Json]:
    document: dict[str, Json] = {"code": kind.code, "name": kind.name, "points": None}
    if kind.points is not None:
        document["points"] = plain(kind.points)
    if kind.at_most is not None:
        document["at_most"] = plain(kind.at_most)
    return document
