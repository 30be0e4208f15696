"""Refusals: what a person is told when an act is not done, and the code a program reads."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass
class Refused(Exception):
    """An act that was not done and changed nothing.

    `code` is stable and machine-readable; `sentence` is Chinese and names the thing, the reason and
    the remedy; `status` is the HTTP status a page answers with.
    """

    code: str
    sentence: str
    status: int = HTTPStatus.CONFLICT

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class NotAllowed(Refused):
    """The actor's role does not permit the act (403)."""

    def __init__(self, code: str = "not_allowed", sentence: str = "") -> None:
        super().__init__(
            code,
            sentence or "您的岗位没有办理此事项的权限，如确需办理请联系本单位的账号管理员。",
            HTTPStatus.FORBIDDEN,
        )


class Invalid(Refused):
    """Input that cannot be accepted (422); `field` names the cell."""

    def __init__(self, code: str, sentence: str, field: str = "") -> None:
        super().__init__(code, sentence, HTTPStatus.UNPROCESSABLE_ENTITY)
        self.field = field


class Stale(Refused):
    """The row moved on since the page was opened (409)."""
