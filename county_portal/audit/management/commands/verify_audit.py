"""`manage.py verify_audit`: recompute the hash chain from the first entry to the last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from county_portal.audit.selectors import verify_chain


class Command(BaseCommand):
    help = "Verify the audit chain; exit code 1 and the first broken serial if it does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the number of entries and the head digest, or fail."""
        result = verify_chain()
        if not result.ok:
            raise CommandError(
                f"审计记录第{result.broken_at}条起校验不符，请立即联系审计员保全数据库。"
            )
        self.stdout.write(f"审计记录{result.events}条，校验一致，末条摘要{result.head}")
