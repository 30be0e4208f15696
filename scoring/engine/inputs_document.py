"""The frozen inputs of a grading run: JSON to GradingInputs and back, in one canonical order."""

from scoring.engine.canonical import Json
from scoring.engine.numbers import plain
from scoring.engine.reading import Node
from scoring.engine.types import (
    Absence,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    GradingInputs,
    Item,
    Measure,
)

INPUTS_FORMAT = "county-portal/grading-inputs/1"

_MEASURE_FIELDS = "value numerator denominator factor items panel target"
_FIGURE_FIELDS = f"{_MEASURE_FIELDS} absence carried status"


def inputs_from_document(document: object) -> GradingInputs:
    """Read frozen inputs; raises DocumentError with the path of the first fault.

    Only the form is checked here: whether a figure can be scored is for `score_batch` to say.
    """
    node = Node(document, "", "format data_year evaluation_year scheme_sha256 counties")
    node.constant("format", INPUTS_FORMAT)
    return GradingInputs(
        data_year=node.whole("data_year", 1949, 9999),
        evaluation_year=node.whole("evaluation_year", 1949, 9999),
        scheme_sha256=node.text("scheme_sha256"),
        counties=tuple(
            CountyFigures(
                county.text("code"),
                county.text("name"),
                tuple(
                    _figure(each)
                    for each in county.children("figures", "indicator", _FIGURE_FIELDS)
                ),
            )
            for county in node.children("counties", "code name figures")
        ),
    )


def _figure(node: Node) -> Figure:
    carried = None
    if node.raw("carried") is not None:
        earlier = node.child("carried", "year", _MEASURE_FIELDS)
        carried = Carried(earlier.whole("year", 1949, 9999), _measure(earlier))
    absence = None if node.raw("absence") is None else node.choice("absence", Absence)
    status = FigureStatus.APPROVED
    if node.raw("status") is not None:
        status = node.choice("status", FigureStatus)
    return Figure(node.text("indicator"), _measure(node), absence, carried, status)


def _measure(node: Node) -> Measure:
    factor = node.optional_number("factor")
    return Measure(
        value=node.optional_number("value"),
        numerator=node.optional_number("numerator"),
        denominator=node.optional_number("denominator"),
        factor=Measure().factor if factor is None else factor,
        items=tuple(
            Item(item.text("kind"), item.text("name"), item.optional_number("points"))
            for item in node.children("items", "kind name", "points")
        ),
        panel=node.numbers("panel"),
        target=node.optional_number("target"),
    )


def inputs_document(inputs: GradingInputs) -> dict[str, Json]:
    """The inputs as a document in canonical order: equal figures give equal bytes and digest."""
    return {
        "format": INPUTS_FORMAT,
        "data_year": inputs.data_year,
        "evaluation_year": inputs.evaluation_year,
        "scheme_sha256": inputs.scheme_sha256,
        "counties": [
            {
                "code": county.code,
                "name": county.name,
                "figures": [
                    _figure_json(figure)
                    for figure in sorted(county.figures, key=lambda each: each.indicator)
                ],
            }
            for county in sorted(inputs.counties, key=lambda each: each.code)
        ],
    }


def _figure_json(figure: Figure) -> dict[str, Json]:
    carried = figure.carried
    return {
        "indicator": figure.indicator,
        **_measure_json(figure.measure),
        "absence": None if figure.absence is None else figure.absence.value,
        "carried": None
        if carried is None
        else {"year": carried.year, **_measure_json(carried.measure)},
        "status": figure.status.value,
    }


def _measure_json(measure: Measure) -> dict[str, Json]:
    value, numerator, denominator = measure.value, measure.numerator, measure.denominator
    document: dict[str, Json] = {
        "value": None if value is None else plain(value),
        "numerator": None if numerator is None else plain(numerator),
        "denominator": None if denominator is None else plain(denominator),
        "factor": plain(measure.factor),
        "items": [_item_json(item) for item in sorted(measure.items, key=_item_order)],
        "panel": [plain(score) for score in sorted(measure.panel)],
    }
    # Only where there is one: what was frozen before targets were known keeps its bytes.
    if measure.target is not None:
        document["target"] = plain(measure.target)
    return document


def _item_order(item: Item) -> tuple[str, str, str]:
    return item.kind, item.name, "" if item.points is None else plain(item.points)


def _item_json(item: Item) -> dict[str, Json]:
    document: dict[str, Json] = {"kind": item.kind, "name": item.name}
    if item.points is not None:
        document["points"] = plain(item.points)
    return document
