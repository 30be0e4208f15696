"""Who stands in for whom in one's office today."""

from county_portal.accounts.models import Deputyship, User
from county_portal.accounts.selectors import list_office_deputyships
from county_portal.common.text import chinese_date


def office_words(user: User) -> list[str]:
    """A sentence for each, but for the reader's own standing in, which every page says; one query at most."""
    return [
        _sentence(each, user) for each in list_office_deputyships(user) if each.deputy_id != user.pk
    ]


def _sentence(each: Deputyship, reader: User) -> str:
    until = chinese_date(each.to_day)
    if each.absent_id == reader.pk:
        return f"您的工作由{each.deputy.display_name}代办，至{until}；您仍可办理，也可在个人设置中结束代办。"
    absent = f"{each.absent.display_name}（{each.get_absent_role_display()}）"
    return f"{each.deputy.display_name}代{absent}办理，至{until}。"
