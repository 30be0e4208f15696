"""The scheme document: JSON to Scheme and back. What a scheme must hold to make sense is next door,
in `scheme_checks`."""

from scoring.engine.canonical import Json
from scoring.engine.numbers import plain
from scoring.engine.reading import Node
from scoring.engine.scheme_checks import check_scheme
from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    AbsenceTreatment,
    Band,
    GradeClass,
    Indicator,
    ItemisedRule,
    ItemKind,
    PanelMethod,
    PanelRule,
    PiecewiseRule,
    Rule,
    Scheme,
)

SCHEME_FORMAT = "county-portal/scheme/1"
ROUNDING_MODE = "ROUND_HALF_UP"
TOTAL_RULE = "sum-of-rounded"
TIE_RULE = "shared-rank"

_ABSENCES = " ".join(Absence)


def scheme_from_document(document: object) -> Scheme:
    """Read and check a scheme; raises DocumentError with the path of the first fault."""
    node = Node(document, "", "format title rounding total classes ties absence indicators")
    node.constant("format", SCHEME_FORMAT)
    node.constant("total", TOTAL_RULE)
    node.constant("ties", TIE_RULE)
    rounding = node.child("rounding", "places mode")
    rounding.constant("mode", ROUNDING_MODE)
    policy = _absence(node.child("absence", "", _ABSENCES), AbsencePolicy())
    scheme = Scheme(
        title=node.text("title"),
        places=rounding.whole("places", 0, 6),
        classes=tuple(
            GradeClass(each.text("name"), each.number("at_least"))
            for each in node.children("classes", "name at_least")
        ),
        absence=policy,
        indicators=tuple(
            _indicator(each, policy)
            for each in node.children("indicators", "code group name unit weight rule", "absence")
        ),
    )
    check_scheme(scheme)
    return scheme


def _absence(node: Node, default: AbsencePolicy) -> AbsencePolicy:
    """A policy in which whatever the document leaves out is taken from `default`."""
    treatments = [
        default.treatment(absence)
        if node.raw(absence) is None
        else node.choice(absence, AbsenceTreatment)
        for absence in Absence
    ]
    return AbsencePolicy(*treatments)


def _indicator(node: Node, policy: AbsencePolicy) -> Indicator:
    if node.raw("absence") is not None:
        policy = _absence(node.child("absence", "", _ABSENCES), policy)
    return Indicator(
        code=node.text("code"),
        group=node.text("group"),
        name=node.text("name"),
        unit=node.text("unit", blank=True),
        weight=node.number("weight"),
        rule=_rule(node),
        absence=policy,
    )


def _rule(node: Node) -> Rule:
    kind = node.child("rule", "kind", "bands cap items exclusive method max").raw("kind")
    if kind == "piecewise":
        rule = node.child("rule", "kind bands")
        bands = rule.children("bands", "from to points_from points_to")
        return PiecewiseRule(tuple(_band(each) for each in bands))
    if kind == "itemised":
        rule = node.child("rule", "kind cap items", "exclusive")
        kinds = tuple(_kind(each) for each in rule.children("items", "code name points", "at_most"))
        return ItemisedRule(rule.number("cap"), kinds, rule.text_groups("exclusive"))
    if kind == "panel":
        rule = node.child("rule", "kind method max")
        return PanelRule(rule.choice("method", PanelMethod), rule.number("max"))
    raise node.refuse("rule.kind", "rule-unknown", "应当是 piecewise、itemised 或 panel")


def _band(node: Node) -> Band:
    return Band(
        node.number("from"),
        node.optional_number("to"),
        node.number("points_from"),
        node.number("points_to"),
    )


def _kind(node: Node) -> ItemKind:
    return ItemKind(
        node.text("code"),
        node.text("name"),
        node.optional_number("points"),
        node.optional_number("at_most"),
    )


def scheme_document(scheme: Scheme) -> dict[str, Json]:
    """The scheme as a document; its canonical bytes are what a run names by digest."""
    return {
        "format": SCHEME_FORMAT,
        "title": scheme.title,
        "rounding": {"places": scheme.places, "mode": ROUNDING_MODE},
        "total": TOTAL_RULE,
        "ties": TIE_RULE,
        "classes": [
            {"name": grade.name, "at_least": plain(grade.at_least)} for grade in scheme.classes
        ],
        "absence": _absence_json(scheme.absence),
        "indicators": [_indicator_json(each, scheme.absence) for each in scheme.indicators],
    }


def _absence_json(policy: AbsencePolicy) -> dict[str, Json]:
    return {absence.value: policy.treatment(absence).value for absence in Absence}


def _indicator_json(indicator: Indicator, policy: AbsencePolicy) -> dict[str, Json]:
    document: dict[str, Json] = {
        "code": indicator.code,
        "group": indicator.group,
        "name": indicator.name,
        "unit": indicator.unit,
        "weight": plain(indicator.weight),
        "rule": _rule_json(indicator.rule),
    }
    if indicator.absence != policy:
        document["absence"] = _absence_json(indicator.absence)
    return document


def _rule_json(rule: Rule) -> dict[str, Json]:
    if isinstance(rule, PiecewiseRule):
        return {"kind": "piecewise", "bands": [_band_json(band) for band in rule.bands]}
    if isinstance(rule, ItemisedRule):
        return {
            "kind": "itemised",
            "cap": plain(rule.cap),
            "items": [_kind_json(kind) for kind in rule.kinds],
            "exclusive": [list(group) for group in rule.exclusive],
        }
    return {"kind": "panel", "method": rule.method.value, "max": plain(rule.maximum)}


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
