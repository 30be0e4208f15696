"""How near a county is to the other classes, computed from what its run froze and by its run's scheme."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from county_portal.common.numbers import plain
from reports.outlook import Outlook, OutlookStep, Room, reach_of, shortest_way
from reports.selectors.lines import stored_indicators
from reports.selectors.statistics import frozen_figures
from scoring.engine.types import Figure, Indicator, ItemisedRule, PanelRule, Scheme
from scoring.improvements import Improvement, improvements
from scoring.models import PublishedList, Result, ResultLine
from scoring.selectors.explained import indicator_words


def card_outlook(published: PublishedList, result: Result, scheme: Scheme) -> Outlook:
    """What the classes above and below are away, and by what; no queries once the run is known."""
    figures = frozen_figures(published.run_id)[result.region.code]
    stored = stored_indicators(published.collection.version_id)
    lines = {line.indicator_code: line for line in result.lines.all()}
    options = {
        indicator.code: improvements(
            indicator,
            figures[indicator.code],
            indicator_words(stored[indicator.code]),
            scheme.places,
            scheme.mode,
        )
        for indicator in scheme.indicators
    }
    rooms = tuple(
        _room(indicator, lines[indicator.code], figures[indicator.code], options[indicator.code])
        for indicator in scheme.indicators
    )
    return _outlook(result, scheme, options, rooms)


def _outlook(
    result: Result,
    scheme: Scheme,
    options: Mapping[str, Sequence[Improvement]],
    rooms: tuple[Room, ...],
) -> Outlook:
    place = [grade.name for grade in scheme.classes].index(result.class_name)
    own, above = scheme.classes[place], scheme.classes[place - 1] if place else None
    margin = result.total - own.at_least if place < len(scheme.classes) - 1 else None
    if above is None:
        return Outlook("", None, None, margin, (), 0, reach_of(options), rooms)
    gap = above.at_least - result.total
    way = shortest_way(options, gap)
    if way is None:
        return Outlook(above.name, above.at_least, gap, margin, (), 0, reach_of(options), rooms)
    numbers = {each.code: room for each, room in zip(scheme.indicators, rooms, strict=True)}
    steps = tuple(
        OutlookStep(
            numbers[choice.code].number,
            numbers[choice.code].name,
            choice.improvement.text,
            choice.improvement.gain,
        )
        for choice in way.choices
    )
    reached = sum((step.gain for step in steps), Decimal(0))
    return Outlook(above.name, above.at_least, gap, margin, steps, way.depth, reached, rooms)


def _room(
    indicator: Indicator, line: ResultLine, figure: Figure, options: Sequence[Improvement]
) -> Room:
    text = _room_text(indicator, line, figure, options)
    return Room(line.order, indicator.name, line.score, indicator.weight, text)


def _room_text(
    indicator: Indicator, line: ResultLine, figure: Figure, options: Sequence[Improvement]
) -> str:
    if line.score >= indicator.weight:
        return "已得满分"
    if options:
        return options[0].sentence
    if isinstance(indicator.rule, PanelRule):
        return f"由专家评分，满分{plain(indicator.rule.maximum)}分，不作测算"
    if figure.absence is not None:
        return f"本项{figure.absence.label}，不作测算"
    if isinstance(indicator.rule, ItemisedRule):
        return "其余分值由专家酌情评定，不作测算"
    return "已达最高分段"
