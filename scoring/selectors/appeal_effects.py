"""What an appeal would change if it were upheld, by scoring the valid list's frozen inputs again."""

from county_portal.common.errors import Invalid, Stale
from scoring.corrections import Effect, correction_effect, figure_of
from scoring.engine.codec import inputs_from_bytes
from scoring.engine.errors import ScoringError
from scoring.engine.types import Figure
from scoring.models import Appeal, PublishedList
from scoring.selectors.corrections import corrected_of, corrections_in_force
from scoring.selectors.lists import current_list
from scoring.selectors.runs import engine_scheme


def base_list(appeal: Appeal) -> PublishedList:
    """The list a correction would be made from: the valid one of the year, not always the one appealed against."""
    collection = appeal.published_list.collection
    return current_list(collection) or appeal.published_list


def read_effect(appeal: Appeal, figure: Figure) -> Effect:
    """What correcting to this figure would change, after corrections already decided, on the valid list's inputs.

    Raises Invalid with the engine's sentence for a figure that cannot be scored, Stale where the county is no
    longer graded.
    """
    base = base_list(appeal)
    inputs = inputs_from_bytes(base.run.inputs)
    if figure_of(inputs, appeal.region.code, figure.indicator) is None:
        raise Stale(
            "county_not_graded",
            f"现行名单所依据的评价不含{appeal.region.full_name}，不能测算更正的影响。请先核对名单。",
        )
    line = (appeal.region.code, figure.indicator)
    rows = corrections_in_force(appeal.published_list.collection)
    decided = {key: each for key, each in corrected_of(rows).items() if key != line}
    try:
        return correction_effect(
            inputs, engine_scheme(base.run.scheme_version), decided, line[0], figure
        )
    except ScoringError as error:
        raise Invalid(
            "figure_refused", f"所填数据不能计分。{error.sentence}请核对后更正。", "text"
        ) from error
