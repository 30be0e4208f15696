"""Townships, entered by the counties they belong to."""

from django.db import transaction
from pypinyin import lazy_pinyin

from county_portal.accounts.models import Region, User, fold_variants
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import own_region
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed

# 统计用区划代码: 县级六位后加三位.
_TOWNSHIP_DIGITS = 9
_TOWNSHIP_ENDINGS = ("镇", "乡", "街道")


@transaction.atomic
def register_township(*, actor: User, name: str, code: str) -> Region:
    """Enter a township of the actor's county, by whoever draws up the county's pilot materials.

    `code` is the nine digits of the statistical register. Raises Invalid for a code that is not within the county's,
    a name that is no township's, or either of them entered before.
    """
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    county = Region.objects.select_for_update(of=("self",)).get(pk=own_region(actor).pk)
    name, code = "".join(name.split()), code.strip()
    _refuse_township(county, name, code)
    full_name = f"{county.full_name}{name}"
    region = Region.objects.create(
        code=code,
        name=name,
        full_name=full_name,
        level=Level.TOWNSHIP,
        parent=county,
        reviewing_office=county.reviewing_office,
        valid_from=clock.today(),
        search_name=fold_variants(full_name),
        pinyin="".join(lazy_pinyin(name)),
    )
    detail = {"name": name, "code": code, "county": county.code}
    record(actor, Entry("register_township", "region", str(region.public_id), detail, county.code))
    return region


def _refuse_township(county: Region, name: str, code: str) -> None:
    if not name.endswith(_TOWNSHIP_ENDINGS) or name in _TOWNSHIP_ENDINGS:
        raise Invalid(
            "township_name",
            f"“{name}”不是乡镇（街道）名称，请填写全名，以“镇”“乡”或“街道”结尾。",
            "name",
        )
    is_digits = code.isascii() and code.isdecimal() and len(code) == _TOWNSHIP_DIGITS
    if not is_digits or not code.startswith(county.code):
        raise Invalid(
            "township_code",
            f"“{code}”不是{county.name}所属乡镇的区划代码，应为{county.code}开头的九位数字，请核对。",
            "code",
        )
    alive = Region.objects.alive_on(clock.today())
    if alive.filter(code=code).exists():
        raise Invalid("township_code_used", f"区划代码“{code}”已经登记，请核对。", "code")
    if alive.filter(parent=county, level=Level.TOWNSHIP, name=name).exists():
        raise Invalid("township_name_used", f"“{name}”已经登记，不需要重复登记。", "name")
