"""`manage.py first_administrators`: the accounts a new installation begins with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from county_portal.administration.founding import found_administrators
from county_portal.common.errors import Invalid


class Command(BaseCommand):
    """Refused once there is an administrator."""

    help = "Make the three first administrators and print their one-time passwords."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line each: post, login, password."""
        try:
            founded = found_administrators()
        except Invalid as refusal:
            raise CommandError(refusal.sentence) from refusal
        for one in founded:
            self.stdout.write(f"{one.user.get_role_display()}  {one.user.login}  {one.password}")
        self.stdout.write("初始密码只显示这一次，首次登录须修改。")
