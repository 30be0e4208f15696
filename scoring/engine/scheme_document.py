"""The scheme document: JSON to Scheme and back. What a scheme must hold to make sense is next door,
in `scheme_checks`."""

from scoring.engine.canonical import Json
from scoring.engine.errors import DocumentError
from scoring.engine.numbers import plain
from scoring.engine.reading import Node
from scoring.engine.rule_document import read_rule, rule_json
from scoring.engine.scheme_checks import check_scheme
from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    AbsenceTreatment,
    GradeClass,
    GroupWeight,
    Indicator,
    RoundingMode,
    Scheme,
    TotalRule,
)

SCHEME_FORMAT = "county-portal/scheme/1"
SHARED_RANK = "shared-rank"

_ABSENCES = " ".join(Absence)


def scheme_from_document(document: object) -> Scheme:
    """Read and check a scheme; raises DocumentError with the path of the first fault."""
    scheme = read_scheme(document)
    check_scheme(scheme)
    return scheme


def read_scheme(document: object, faults: list[DocumentError] | None = None) -> Scheme:
    """Read a scheme without asking whether it makes sense.

    Raises DocumentError, or with `faults` adds every fault of form to that list and reads on.
    """
    fields = "format title rounding total classes ties absence indicators"
    node = Node(document, "", fields, "groups", faults)
    node.constant("format", SCHEME_FORMAT)
    rounding = node.child("rounding", "places mode")
    policy = _absence(node.child("absence", "", _ABSENCES), AbsencePolicy())
    return Scheme(
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
        mode=rounding.choice("mode", RoundingMode),
        total=node.choice("total", TotalRule),
        then_by=_then_by(node),
        groups=tuple(
            GroupWeight(each.text("name"), each.number("weight"))
            for each in node.children("groups", "name weight")
        ),
    )


def _then_by(node: Node) -> tuple[str, ...]:
    """The indicators that part equal totals; none where equal totals share a rank."""
    if isinstance(node.raw("ties"), dict):
        return node.child("ties", "then_by").texts("then_by")
    node.constant("ties", SHARED_RANK)
    return ()


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
    code, group, name = node.text("code"), node.text("group"), node.text("name")
    unit, weight = node.text("unit", blank=True), node.number("weight")
    return Indicator(code, group, name, unit, weight, read_rule(node), policy)


def scheme_document(scheme: Scheme) -> dict[str, Json]:
    """The scheme as a document; its canonical bytes are what a run names by digest."""
    document: dict[str, Json] = {
        "format": SCHEME_FORMAT,
        "title": scheme.title,
        "rounding": {"places": scheme.places, "mode": scheme.mode.value},
        "total": scheme.total.value,
        "ties": {"then_by": list(scheme.then_by)} if scheme.then_by else SHARED_RANK,
        "classes": [
            {"name": grade.name, "at_least": plain(grade.at_least)} for grade in scheme.classes
        ],
        "absence": _absence_json(scheme.absence),
        "indicators": [_indicator_json(each, scheme.absence) for each in scheme.indicators],
    }
    if scheme.groups:
        document["groups"] = [
            {"name": group.name, "weight": plain(group.weight)} for group in scheme.groups
        ]
    return document


def _absence_json(policy: AbsencePolicy) -> dict[str, Json]:
    return {absence.value: policy.treatment(absence).value for absence in Absence}


def _indicator_json(indicator: Indicator, policy: AbsencePolicy) -> dict[str, Json]:
    document: dict[str, Json] = {
        "code": indicator.code,
        "group": indicator.group,
        "name": indicator.name,
        "unit": indicator.unit,
        "weight": plain(indicator.weight),
        "rule": rule_json(indicator.rule),
    }
    if indicator.absence != policy:
        document["absence"] = _absence_json(indicator.absence)
    return document
