"""One person per role, and colleagues elsewhere whose doors must stay shut."""

from dataclasses import dataclass

from django.test import Client

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Role
from tests.factories.places import Province

PASSWORD = "Ceshi-2026-mima"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody; without a place in the name they sit in 霸州, its city 廊坊, or the province."""

    filler: User
    lead: User
    provider: User
    statistician: User
    reviewer: User
    signer: User
    manager: User
    checker: User
    expert: User
    publisher: User
    system_admin: User
    security_admin: User
    auditor: User
    changan_lead: User
    jingxing_lead: User
    xinji_lead: User
    shijiazhuang_reviewer: User
    xinji_reviewer: User


def build_people(province: Province) -> People:
    """All of them, with a changed password each."""
    bazhou, langfang, top = province.bureaus["bazhou"], province.cities["langfang"], province.office
    return People(
        filler=make_person("bazhou.filler", Role.COUNTY_FILLER, bazhou, "王填报"),
        lead=make_person("bazhou.lead", Role.COUNTY_LEAD, bazhou, "李负责"),
        provider=make_person(
            "bazhou.finance", Role.COUNTY_PROVIDER, province.providers["finance"], "孙财政"
        ),
        statistician=make_person(
            "bazhou.statistics", Role.COUNTY_PROVIDER, province.providers["statistics"], "周统计"
        ),
        reviewer=make_person("langfang.reviewer", Role.CITY_REVIEWER, langfang, "赵审核"),
        signer=make_person("langfang.signer", Role.CITY_SIGNER, langfang),
        manager=make_person("hebei.manager", Role.PROVINCE_MANAGER, top, "陈管理"),
        checker=make_person("hebei.checker", Role.PROVINCE_CHECKER, top),
        expert=make_person("hebei.expert", Role.PROVINCE_EXPERT, top),
        publisher=make_person("hebei.publisher", Role.PROVINCE_PUBLISHER, top),
        system_admin=make_person("hebei.system", Role.SYSTEM_ADMIN, top),
        security_admin=make_person("hebei.security", Role.SECURITY_ADMIN, top),
        auditor=make_person("hebei.auditor", Role.AUDITOR, top),
        changan_lead=make_person("changan.lead", Role.COUNTY_LEAD, province.bureaus["changan"]),
        jingxing_lead=make_person("jingxing.lead", Role.COUNTY_LEAD, province.bureaus["jingxing"]),
        xinji_lead=make_person("xinji.lead", Role.COUNTY_LEAD, province.bureaus["xinji"]),
        shijiazhuang_reviewer=make_person(
            "shijiazhuang.reviewer", Role.CITY_REVIEWER, province.cities["shijiazhuang"]
        ),
        xinji_reviewer=make_person("xinji.reviewer", Role.CITY_REVIEWER, province.cities["xinji"]),
    )


def make_person(login: str, role: Role, office: Office, name: str = "") -> User:
    """One account that may work at once."""
    user = User(
        login=login,
        display_name=name or role.label,
        role=role,
        office=office,
        must_change_password=False,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User, **options) -> Client:
    """A browser in which this person is signed in."""
    client = Client(**options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
