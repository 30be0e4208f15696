"""What S0 says of each part of a plan, as the help beside the field; edited as data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "plan_guidance.json"


@dataclass(frozen=True, slots=True)
class Guidance:
    """Sentences by Section, and one text by KeyTask."""

    sections: Mapping[str, Sequence[str]]
    tasks: Mapping[str, str]


@lru_cache(maxsize=1)
def read_guidance() -> Guidance:
    """The file, read once by a process."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    return Guidance(document["sections"], document["tasks"])
