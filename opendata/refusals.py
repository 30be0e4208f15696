"""Refusals that say of each part of a request what is wrong with it."""

from collections.abc import Sequence
from http import HTTPStatus

from county_portal.common.errors import Refused

Fault = dict[str, str]


def fault(field: str, code: str, sentence: str) -> Fault:
    """What is wrong with one field, named as a path: figures.2.value."""
    return {"field": field, "code": code, "sentence": sentence}


class Faulty(Refused):
    """Parts of the request cannot be accepted; nothing of it was done."""

    def __init__(
        self,
        code: str,
        sentence: str,
        errors: Sequence[Fault],
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> None:
        super().__init__(code, sentence, status)
        self.errors = list(errors)
