"""`manage.py document_keys [--new]`: the keys that receipts of issued documents are signed with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from county_portal.documents.actions.keys import renew_key
from county_portal.documents.keys import keys_folder, newest_key
from county_portal.documents.selectors.verification import list_keys


class Command(BaseCommand):
    help = "List the keys that receipts are signed with; --new makes the first one or replaces the one in use."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--new` changes something, everything else only tells."""
        parser.add_argument("--new", action="store_true", help="make a new key and retire the old")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say where the keys lie, which is in use, and what to do with it."""
        if options["new"]:
            row = renew_key(actor=None)
            self.stdout.write(f"已启用新密钥{row.kid}，此前的密钥已停用，以前出具的凭据仍然有效。")
            self.stdout.write("请立即将密钥目录纳入备份，并通过其他途径公布新密钥的指纹。")
        self.stdout.write(f"密钥目录：{keys_folder()}")
        in_use = newest_key()
        if in_use is None:
            self.stdout.write("目录中没有密钥。请执行“manage.py document_keys --new”建立。")
        for key in list_keys():
            state = "已停用" if key.retired_at else "使用中"
            here = "，私钥在目录中" if in_use and in_use.kid == key.kid else ""
            self.stdout.write(f"{key.kid}　{state}{here}　指纹 {key.fingerprint}")
