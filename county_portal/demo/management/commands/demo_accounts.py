"""`manage.py demo_accounts`: who may log in to the demonstration, and with which password."""

import json
import unicodedata
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from county_portal.demo.accounts import NEWCOMER, list_accounts, list_shown_accounts

_HEADINGS = ("岗位", "单位", "登录名", "密码")


class Command(BaseCommand):
    help = "Print the demonstration accounts: a short table, or all of them with --json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: the whole list for programs."""
        parser.add_argument("--json", action="store_true", help="all accounts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print to stdout."""
        if options["json"]:
            accounts = [asdict(account) for account in list_accounts()]
            self.stdout.write(json.dumps(accounts, ensure_ascii=False, indent=1))
            return
        rows = [(row.role, row.office, row.login, row.password) for row in list_shown_accounts()]
        for line in _table([_HEADINGS, *rows]):
            self.stdout.write(line)
        self.stdout.write(
            f"{NEWCOMER}首次登录须修改密码；其他县为“区划代码-fill”“区划代码-lead”，同岗位密码相同。"
        )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_pad, row, widths)).rstrip() for row in rows]


def _pad(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(cell: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in cell)
