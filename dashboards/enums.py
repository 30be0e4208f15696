"""What a board shows."""

from django.db import models


class Show(models.TextChoices):
    """What a tile's colour says."""

    CLASS = "class", "分档"
    MOVEMENT = "movement", "升降"
    SCORE = "score", "总分"
    INDICATOR = "indicator", "指标得分"
    PILOT = "pilot", "试点"


# What everybody may see of every county, and what only of the counties within reach.
OPEN_SHOWS = (Show.CLASS, Show.MOVEMENT)
CLOSED_SHOWS = (Show.SCORE, Show.INDICATOR)


class Of(models.TextChoices):
    """What a distribution is of."""

    POINTS = "points", "得分"
    FIGURE = "figure", "数值"


class Order(models.TextChoices):
    """How a ranking is ordered."""

    RANK = "", "按位次"
    GAIN = "gain", "按增分从多到少"
    LOSS = "loss", "按减分从多到少"
    CLIMB = "climb", "按名次上升从多到少"
    COUNTY = "county", "按区划代码"
