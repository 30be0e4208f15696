"""What the engine refuses, each with a stable code and a Chinese sentence."""

from collections.abc import Sequence
from dataclasses import dataclass


class DocumentError(Exception):
    """A scheme or inputs document that cannot be read; `path` says where (`indicators[3].rule`)."""

    def __init__(self, code: str, sentence: str, path: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.path = path


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a scheme document, or with `is_warning` something odd that may be meant."""

    code: str
    sentence: str
    path: str = ""
    is_warning: bool = False


class ScoringError(Exception):
    """A figure that cannot be scored; names county and indicator, and keeps what else was refused.

    `others` holds the further problems of the same batch, so that an office can mend all at once.
    """

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        county: str = "",
        indicator: str = "",
        others: Sequence["ScoringError"] = (),
    ) -> None:
        self.code = code
        self.reason = reason
        self.county = county
        self.indicator = indicator
        self.others = tuple(others)
        where = county + (f"“{indicator}”" if indicator else "")
        more = f"（另有{len(self.others)}处问题）" if self.others else ""
        self.sentence = (f"{where}：" if where else "") + f"{reason}{more}。"
        super().__init__(self.sentence)

    def located(self, *, county: str = "", indicator: str = "") -> "ScoringError":
        """The same refusal with its place filled in, where it was not known yet."""
        return ScoringError(
            self.code,
            self.reason,
            county=self.county or county,
            indicator=self.indicator or indicator,
            others=self.others,
        )


def together(problems: Sequence[ScoringError]) -> ScoringError:
    """One error for a whole batch: the first problem speaks, the others are kept."""
    first, *others = problems
    return ScoringError(
        first.code, first.reason, county=first.county, indicator=first.indicator, others=others
    )
