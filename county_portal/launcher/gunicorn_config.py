"""gunicorn's settings that are no command-line options."""

from __future__ import annotations

from typing import Any

from county_portal.launcher.processes import die_with_parent

# Ctrl-C promises an end within ten seconds.
graceful_timeout = 4
timeout = 120
# A control socket in the home directory would be shared by two instances.
control_socket_disable = True
accesslog = None

# Made in the arbiter, which is every worker's parent.
_arrange = die_with_parent()


def post_fork(_server: Any, _worker: Any) -> None:
    """Tie a worker's life to the arbiter's: a killed arbiter leaves no worker holding the port."""
    _arrange()
