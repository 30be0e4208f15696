"""People, offices and regions for tests of the kernel."""

from datetime import date
from itertools import count

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import ROLE_LEVEL, Level, Role

PASSWORD = "Xiong-an-2017"
_numbers = count(1)


def make_region(level=Level.PROVINCE, **values):
    number = next(_numbers)
    values.setdefault("code", f"{990000 + number}")
    values.setdefault("name", f"试验{number}")
    name = values["name"]
    return Region.objects.create(
        level=level,
        full_name=name,
        search_name=name,
        pinyin="shiyan",
        valid_from=date(1949, 10, 1),
        **values,
    )


def make_office(level=Level.PROVINCE, **values):
    number = next(_numbers)
    values.setdefault("name", f"试验{Level(level).label}科技局{number}")
    if level == Level.COUNTY and "region" not in values:
        city = make_office(Level.CITY)
        values["region"] = make_region(Level.COUNTY, reviewing_office=city)
    return Office.objects.create(level=level, short_name=values["name"][:20], **values)


def make_user(role=Role.PROVINCE_MANAGER, **values):
    number = next(_numbers)
    password = values.pop("password", PASSWORD)
    values.setdefault("login", f"user{number}")
    values.setdefault("display_name", f"试验人员{number}")
    values.setdefault("must_change_password", False)
    if "office" not in values:
        values["office"] = make_office(ROLE_LEVEL[Role(role)])
    user = User(role=role, **values)
    user.set_password(password)
    user.save()
    return user
