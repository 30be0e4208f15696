"""`manage.py load_demo`: the demonstration province with three published years and one in full swing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from county_portal.demo.accounts import require_demonstration
from county_portal.demo.load import is_loaded, load, require_same_province


class Command(BaseCommand):
    help = "Load the demonstration into an empty database; does nothing when there is anything."

    def handle(self, *args: Any, **options: Any) -> None:
        """Play it and say how long each stage took."""
        require_demonstration()
        if is_loaded():
            require_same_province()
            self.stdout.write("演示数据已经载入，无需重复载入。")
            return
        started = monotonic()
        with _no_search_for_garbage():
            seconds = load(self.stdout.write)
        stages = "、".join(f"{name} {spent:.1f}秒" for name, spent in seconds.items())
        self.stdout.write(f"演示数据已载入，共{monotonic() - started:.1f}秒（{stages}）。")


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Nearly everything made stays reachable: looking for garbage among it all the time is in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
