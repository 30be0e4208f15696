"""Appeals of a season: one upheld and corrected with the list, one rejected, one taken back."""

from collections.abc import Iterator
from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile

from county_portal.common import clock
from county_portal.demo.acts import first_count
from county_portal.demo.approvals import PAGE
from county_portal.demo.figures import Answer
from county_portal.demo.season import Part, Season
from county_portal.demo.story import STORY
from scoring.actions.appeals import (
    AppealInput,
    Opinion,
    Review,
    decide_appeal,
    file_appeal,
    opine,
    review_appeal,
    stamp_of,
    withdraw_appeal,
)
from scoring.claims import ClaimInput
from scoring.corrections import correction_effect, figure_of
from scoring.engine.codec import inputs_from_bytes
from scoring.models import Appeal, PublishedList
from scoring.selectors.runs import engine_scheme

# Whoever appeals stands in the middle of the list, where a small correction moves ranks and no class.
_FIRST_RANK: int = STORY["first_appellant"]
_MISSED = "本县当年有1家企业通过认定，公示名单晚于填报截止日期，填报时未计入，请按认定文件更正。"
_RESENTED = "本县认为该项得分偏低，请予复核。"


def play_appeals(season: Season, published: PublishedList) -> Appeal:
    """File three, have them handled in time; returns the one that is upheld."""
    upheld, rejected, withdrawn = _appellants(season, published)
    with clock.playing(season.at(9, 24)):
        right = _file(season, published, upheld, _MISSED, more=1)
        wrong = _file(season, published, rejected, _RESENTED)
        mistaken = _file(season, published, withdrawn, _RESENTED)
    with clock.playing(season.at(9, 25)):
        withdraw_appeal(
            actor=season.counties.cast.lead(withdrawn.submission), appeal_id=mistaken.public_id
        )
    _handle(season, upheld, right, more=1)
    _handle(season, rejected, wrong)
    season.stage.say(f"{season.data_year}年度：申诉3件，成立1件，不成立1件，撤回1件")
    return right


def _appellants(season: Season, published: PublishedList) -> list[Part]:
    """Three counties one after the other on the list, the first of them one whose correction moves no class."""
    by_region = {part.submission.region_id: part for part in season.parts}
    rows = published.rows.filter(rank__gte=_FIRST_RANK).order_by("order")
    ordered = [by_region[row.region_id] for row in rows]
    plain = [part for part in ordered if not (part.is_shown or part.is_corrected)]
    first = next(_harmless(plain, published))
    others = [part for part in plain if part is not first]
    return [first, *others[:2]]


def _harmless(parts: list[Part], published: PublishedList) -> Iterator[Part]:
    inputs = inputs_from_bytes(published.run.inputs)
    scheme = engine_scheme(published.run.scheme_version)
    for part in parts:
        answer = first_count(part.year)
        figure = figure_of(inputs, part.year.code, answer.indicator)
        if figure is None or figure.measure.value is None:
            continue
        measure = replace(figure.measure, value=figure.measure.value + 1)
        effect = correction_effect(
            inputs, scheme, {}, part.year.code, replace(figure, measure=measure)
        )
        if effect.gain > 0 and not effect.class_changes:
            yield part


def _claimed(answer: Answer, more: int) -> ClaimInput:
    return ClaimInput(text=str(int(answer.text) + more)) if more else ClaimInput()


def _file(
    season: Season, published: PublishedList, part: Part, claim: str, more: int = 0
) -> Appeal:
    answer = first_count(part.year)
    data = AppealInput(
        list_id=published.public_id,
        region_id=part.submission.region.public_id,
        indicator_code=answer.indicator,
        claim=claim,
        figure=_claimed(answer, more),
        files=[SimpleUploadedFile("认定文件.pdf", PAGE, "application/pdf")] if more else [],
    )
    return file_appeal(actor=season.counties.cast.lead(part.submission), data=data)


def _handle(season: Season, part: Part, appeal: Appeal, more: int = 0) -> None:
    """The city's opinion, the province's review, the decision by another person."""
    cast, on, is_for = season.counties.cast, season.at, bool(more)
    city = "经核实，县里所述属实，支持。" if is_for else "经核实，填报数据与年报一致，不支持。"
    words = "经核对认定文件，确应计入，拟予更正。" if is_for else "数据无误，计分正确，拟不予更正。"
    final = "同意更正。" if is_for else "维持原得分。"
    with clock.playing(on(9, 28)):
        appeal = opine(
            actor=cast.reviewer(part.submission),
            appeal_id=appeal.public_id,
            opinion=Opinion(is_for, city, stamp_of(appeal)),
        )
    with clock.playing(on(10, 6)):
        figure = _claimed(first_count(part.year), more)
        review = Review(is_for, words, stamp_of(appeal), figure)
        appeal = review_appeal(actor=cast.manager, appeal_id=appeal.public_id, review=review)
    with clock.playing(on(10, 9)):
        decision = Opinion(is_for, final, stamp_of(appeal))
        decide_appeal(actor=cast.publisher, appeal_id=appeal.public_id, decision=decision)
