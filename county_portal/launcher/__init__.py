"""From one command to a running stack: embedded servers, system packages, supervisor. Never imports Django."""
