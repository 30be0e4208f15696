"""What is wrong with a version: the engine's faults, what the indicator system says, what the golden cases give."""

import re

from scoring.engine.codec import scheme_from_bytes
from scoring.engine.errors import DocumentError
from scoring.engine.scheme_faults import list_faults
from scoring.models import SchemeVersion
from scoring.schemes.documents import read_document
from scoring.schemes.golden import Outcome, run_cases
from scoring.schemes.sheet import Problem, system_problems
from scoring.selectors.schemes import list_cases, list_system_indicators, read_cases

_POSITION = re.compile(r"indicators\[([0-9]+)\]")


def check_version(version: SchemeVersion) -> list[Problem]:
    """Everything wrong or odd, errors first; two queries."""
    document = read_document(version.document)
    system = list_system_indicators(version)
    problems = [
        Problem(each.code, each.sentence, _position(each.path), each.is_warning)
        for each in list_faults(document)
    ]
    problems += system_problems(document, system, version.scheme.system.name)
    return sorted(problems, key=lambda each: each.is_warning)


def _position(path: str) -> int | None:
    match = _POSITION.match(path)
    return int(match[1]) if match else None


def run_golden_cases(version: SchemeVersion) -> list[Outcome]:
    """Every case under the version's text; nothing where the text cannot be scored by yet. One query."""
    try:
        scheme = scheme_from_bytes(version.document)
    except DocumentError:
        return []
    return run_cases(read_cases(list_cases(version)), scheme)
