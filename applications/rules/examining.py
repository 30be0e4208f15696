"""What must be on record before an acceptance is concluded, as the province sets it. Pure.

S0 三(三) asks for an acceptance and names no steps of it; what a province wants beyond the default is its own to say.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applications.enums import RecordKind


@dataclass(frozen=True, slots=True)
class Needs:
    """Records, each by the kinds of which one will do, and how many experts' opinions."""

    records: Sequence[Sequence[RecordKind]] = ((RecordKind.DEFENCE,),)
    opinions: int = 1

    @property
    def words(self) -> str:
        """All of it in one phrase."""
        opinions = f"{self.opinions}份以上专家评议意见"
        return "、".join([*(_named(kinds) for kinds in self.records), opinions])


def read_needs(document: Mapping[str, Any]) -> Needs:
    """Those of a province's `acceptance.json`."""
    records = tuple(tuple(map(RecordKind, kinds)) for kinds in document["records"])
    return Needs(records, document["opinions"])


def lacking_records(needs: Needs, held: Collection[str]) -> list[str]:
    """Records that are still to be made; `held` are the kinds there are."""
    return [_named(kinds) for kinds in needs.records if not set(kinds) & set(held)]


def lacking_of(needs: Needs, held: Collection[str], given: int) -> Iterator[str]:
    """Whatever stands against a conclusion, each in a phrase."""
    yield from (f"缺{each}" for each in lacking_records(needs, held))
    if given < needs.opinions:
        has = f"现有{given}份" if given else "现在一份也没有"
        yield f"专家评议意见须有{needs.opinions}份以上，{has}"


def _named(kinds: Sequence[RecordKind]) -> str:
    return "或".join(str(kind.label) for kind in kinds) + "记录"
