"""When people hear of acceptances (S0 三(三): 于建设期结束前半年内): as the end comes, and after it. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Desk(StrEnum):
    """Where an acceptance lies."""

    COUNTY = "county"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Awaited:
    """An acceptance that has not reached the province: whose pilot, at which desk, from when and until when."""

    pilot_id: int
    name: str
    office_id: int
    city_id: int
    desk: Desk
    opens_on: date
    due_on: date
    path: str
    is_begun: bool

    @property
    def to_do(self) -> str:
        """What the county is to do."""
        return "报送总结验收材料" if self.is_begun else "开展总结验收并报送材料"
