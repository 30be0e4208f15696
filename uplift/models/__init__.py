"""Plans with their versions, what a version says, the fund's use, and what counties made of expectations."""

from uplift.models.expectations import Expectation
from uplift.models.plans import Plan, PlanVersion, VersionStep
from uplift.models.spending import Spending
from uplift.models.text import (
    ClassTarget,
    FundYear,
    Goal,
    GrowthRule,
    Stage,
    StageCounty,
    TargetLine,
)

__all__ = [
    "ClassTarget",
    "Expectation",
    "FundYear",
    "Goal",
    "GrowthRule",
    "Plan",
    "PlanVersion",
    "Spending",
    "Stage",
    "StageCounty",
    "TargetLine",
    "VersionStep",
]
