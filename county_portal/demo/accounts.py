"""Accounts of the demonstration: every role, every office, passwords anybody at the machine may read.

They are derived from the secret key, so that no list of them lies anywhere; a real server refuses.
"""

import csv
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import CommandError
from django.db import transaction
from pypinyin import lazy_pinyin

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, OfficeKind, Role
from county_portal.audit.actions import Entry, record_all
from county_portal.common.province_files import province_file
from county_portal.demo.story import SHOWN

EXPERTS = 3
# The county and the city whose accounts a reader is shown first; a source's figures, if any, are this county's.
SHOWN_COUNTY: str = SHOWN["county"]
SHOWN_CITY: str = SHOWN["city"]
# Its departments that provide data, and what their logins end with.
DEPARTMENTS: Mapping[str, str] = SHOWN["departments"]
NEWCOMER = f"{SHOWN_COUNTY}-new"

# Without look-alikes; one run of each kind satisfies the password policy.
_SMALL, _DIGITS, _CAPITALS = "abcdefghjkmnpqrstuvwxyz", "23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ"
_RUN = 4
_LONGEST_UNIT = 40  # a login has 60 characters
_SURNAMES = "王李张刘陈杨赵周吴徐孙马胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾"
_GIVEN = (
    "建国",
    "志强",
    "海燕",
    "文静",
    "立军",
    "春梅",
    "永杰",
    "晓峰",
    "玉兰",
    "国庆",
    "丽娜",
    "宏伟",
    "雪梅",
)

_PROVINCE_LOGINS: dict[str, Role] = {
    "prov-manager": Role.PROVINCE_MANAGER,
    "prov-checker": Role.PROVINCE_CHECKER,
    **{f"prov-expert{number}": Role.PROVINCE_EXPERT for number in range(1, EXPERTS + 1)},
    "prov-publisher": Role.PROVINCE_PUBLISHER,
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
    "auditor": Role.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account as the command prints it."""

    role: str
    office: str
    login: str
    password: str


def require_demonstration() -> None:
    """Refuse on a real server, where passwords must not be derivable."""
    if not settings.IS_DEMONSTRATION:
        raise CommandError("演示账号和演示数据只能用于演示环境，当前不是演示环境，未执行。")


def password_of(role: str) -> str:
    """The password of every demonstration account of a role."""
    key = hmac.new(settings.SECRET_KEY.encode(), f"demo:{role}".encode(), hashlib.sha256).digest()
    runs = (_SMALL, _DIGITS, _CAPITALS)
    return "-".join(
        "".join(letters[byte % len(letters)] for byte in key[place * _RUN : (place + 1) * _RUN])
        for place, letters in enumerate(runs)
    )


@transaction.atomic
def create_accounts() -> int:
    """Make all accounts that are not there yet; returns how many were made."""
    require_demonstration()
    _create_departments()
    taken = set(User.objects.values_list("login", flat=True))
    # Argon2 is slow on purpose: once for a role, not once for an account.
    hashes = {role: make_password(password_of(role)) for role in Role}
    users = [
        User(
            login=login,
            display_name=_display_name(login),
            role=role,
            office=office,
            password=hashes[role],
            must_change_password=login == NEWCOMER,
        )
        for login, role, office in _wanted()
        if login not in taken
    ]
    User.objects.bulk_create(users)
    record_all(None, [_entry(user) for user in users])
    return len(users)


def _entry(user: User) -> Entry:
    detail = {"login": user.login, "role": str(user.role), "office": user.office.name}
    return Entry("create_user", "user", str(user.public_id), detail)


def _wanted() -> Iterator[tuple[str, Role, Office]]:
    offices = list(Office.objects.select_related("region").order_by("order", "region__code", "pk"))
    province = next(office for office in offices if office.level == Level.PROVINCE)
    for login, role in _PROVINCE_LOGINS.items():
        yield login, role, province
    keys = office_keys()
    for office in offices:
        if office.level == Level.CITY and office.kind == OfficeKind.BUREAU:
            yield f"{keys[office.name]}-review", Role.CITY_REVIEWER, office
            yield f"{keys[office.name]}-sign", Role.CITY_SIGNER, office
    counties = [office for office in offices if office.level == Level.COUNTY]
    yield from _county_accounts(each for each in counties if each.kind == OfficeKind.BUREAU)
    for office in counties:
        if office.kind == OfficeKind.PROVIDER:
            yield _provider_login(office), Role.COUNTY_PROVIDER, office
    for office in offices:
        if office.kind == OfficeKind.UNIT:
            role = Role.CITY_UNIT if office.level == Level.CITY else Role.PROVINCE_UNIT
            yield unit_login(office), role, office


def unit_login(office: Office) -> str:
    """The liaison of a responsible unit: its short name in pinyin."""
    return "unit-" + "".join(lazy_pinyin(office.short_name))[:_LONGEST_UNIT]


def _county_accounts(offices: Iterable[Office]) -> Iterator[tuple[str, Role, Office]]:
    for office in offices:
        stem = login_stem(office)
        yield f"{stem}-fill", Role.COUNTY_FILLER, office
        yield f"{stem}-lead", Role.COUNTY_LEAD, office
        if stem == SHOWN_COUNTY:
            yield NEWCOMER, Role.COUNTY_FILLER, office


def _create_departments() -> None:
    """The departments of the county shown first that provide it with data."""
    bureau = Office.objects.select_related("region").get(
        region__code=SHOWN_COUNTY, region__valid_to__isnull=True, kind=OfficeKind.BUREAU
    )
    region = bureau.region
    if region is None or Office.objects.filter(region=region, kind=OfficeKind.PROVIDER).exists():
        return
    Office.objects.bulk_create(
        Office(
            name=f"{region.full_name}{name}",
            short_name=name,
            level=Level.COUNTY,
            kind=OfficeKind.PROVIDER,
            region=region,
            order=bureau.order,
        )
        for name in DEPARTMENTS
    )


def _provider_login(office: Office) -> str:
    return f"{login_stem(office)}-{DEPARTMENTS[office.short_name]}"


def login_stem(office: Office) -> str:
    """The region's code; with the year of its end for one that is no more, whose code may live on."""
    region = office.region
    if region is None:
        raise ValueError(f"{office} has no region")
    return region.code if region.valid_to is None else f"{region.code}-to{region.valid_to.year}"


def office_keys() -> dict[str, str]:
    """Short Latin names of the upper offices, from the province's data file."""
    with province_file("offices.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["key"] for row in csv.DictReader(file)}


def _display_name(login: str) -> str:
    digest = hashlib.sha256(login.encode()).digest()
    return _SURNAMES[digest[0] % len(_SURNAMES)] + _GIVEN[digest[1] % len(_GIVEN)]


def list_accounts() -> list[DemoAccount]:
    """All demonstration accounts that exist, in the order of their making."""
    require_demonstration()
    users = {user.login: user for user in User.objects.select_related("office")}
    return [
        DemoAccount(
            Role(users[login].role).label, users[login].office.name, login, password_of(role)
        )
        for login, role, _ in _wanted()
        if login in users
    ]


def list_shown_accounts() -> list[DemoAccount]:
    """One account a role, or two: the province's, and those of the county and city shown first."""
    shown = set(_PROVINCE_LOGINS) - {f"prov-expert{number}" for number in range(3, EXPERTS + 1)}
    shown |= {f"{SHOWN_CITY}-review", f"{SHOWN_CITY}-sign"}
    shown |= {"unit-shengfazhangaigewei", f"unit-{SHOWN_CITY}shizhengfu"}
    shown |= {f"{SHOWN_COUNTY}-{post}" for post in ("fill", "lead", "czj", "tjj", "new")}
    return [account for account in list_accounts() if account.login in shown]
