"""Send the day's mail by hand; what was sent is not sent again."""

from typing import Any

from django.core.management.base import BaseCommand

from county_portal.notices import digests


class Command(BaseCommand):
    help = "发送当日通知摘要邮件；已发送的不会重发。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done."""
        if not digests.is_configured():
            self.stdout.write("没有配置邮件服务器（EMAIL_URL），只有站内通知，不发邮件。")
            return
        done = digests.send_digests()
        self.stdout.write(f"已发送{done.sent}封，未成功{done.failed}封，未处理{done.untouched}封。")
