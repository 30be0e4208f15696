"""The workflow machine: a table of transitions, and the three questions asked of it. Pure Python."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from county_portal.common.errors import Invalid, NotAllowed, Stale


@dataclass(frozen=True, slots=True)
class Transition:
    """Who (a permission) may by which action move what from where to where."""

    action: str
    source: str
    target: str
    permission: str
    label: str
    needs_comment: bool = False


class Workflow:
    """An unambiguous table of transitions.

    Raises ValueError at import time if two rows name the same action and source.
    """

    def __init__(self, transitions: Iterable[Transition]) -> None:
        self.transitions = tuple(transitions)
        self._by_key = {(row.action, row.source): row for row in self.transitions}
        if len(self._by_key) != len(self.transitions):
            raise ValueError("two transitions share an action and a source")

    def actions_from(self, state: str, permissions: Collection[str]) -> tuple[Transition, ...]:
        """The transitions somebody holding `permissions` may choose in `state`, in table order."""
        return tuple(
            row for row in self.transitions if row.source == state and row.permission in permissions
        )

    def find(
        self, action: str, state: str, permissions: Collection[str], comment: str = ""
    ) -> Transition:
        """The transition to perform.

        Raises NotAllowed if the role never may, Stale if not in this state, Invalid for a missing comment.
        """
        rows = [row for row in self.transitions if row.action == action]
        if not any(row.permission in permissions for row in rows):
            raise NotAllowed
        row = self._by_key.get((action, state))
        if row is None or row.permission not in permissions:
            raise Stale(
                "stale_state",
                "此事项的办理环节已经变化，本次操作未执行。请刷新页面查看最新状态后再办理。",
            )
        if row.needs_comment and not comment.strip():
            raise Invalid(
                "comment_required",
                f"“{row.label}”须填写意见，请写明原因和要求后再办理。",
                "comment",
            )
        return row
