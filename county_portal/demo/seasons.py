"""How the demonstration's years run: the months' shares of a year's gain. Invented, like all of its months."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from county_portal.demo.chance import around
from county_portal.demo.story import STORY

# Shares in per cent. Budgets are spent late in the year; enterprises are certified in autumn and winter;
# platforms and patents come as they come, a little more towards the end.
_SPENT = (5, 5, 7, 7, 8, 9, 8, 8, 9, 9, 10, 15)
_CERTIFIED = (1, 1, 2, 3, 5, 8, 8, 9, 13, 16, 17, 17)
_STEADY = (6, 6, 8, 8, 8, 9, 8, 8, 9, 9, 10, 11)
# Which indicators run how is the story's: codes are each province's own.
_SEASONS: Mapping[str, Sequence[str]] = STORY.get("seasons", {})
_BY_CODE = {
    **dict.fromkeys(_SEASONS.get("spent", ()), _SPENT),
    **dict.fromkeys(_SEASONS.get("certified", ()), _CERTIFIED),
}
# Per cent by which a month's share strays.
_STRAY = 45


def shares(code: str, chance: Random) -> Sequence[Decimal]:
    """Twelve shares of one county's year, of 1 in all."""
    weights = [
        Decimal(weight * (100 + around(chance, _STRAY))) for weight in _BY_CODE.get(code, _STEADY)
    ]
    whole = sum(weights)
    return [weight / whole for weight in weights]
