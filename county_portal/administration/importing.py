"""Whether the people of a workbook can be taken on: everything wrong at once, cell by cell."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from county_portal.accounts.actions import NewAccount, require_post
from county_portal.accounts.models import Office, User, canonical_login
from county_portal.accounts.roles import Role
from county_portal.accounts.selectors import list_standing_offices, logins_in_use
from county_portal.administration.people_workbook import (
    HEADINGS,
    TypedPerson,
    begins_like_a_formula,
)
from county_portal.common.errors import Invalid
from county_portal.common.text import clean_text

_SALT = "administration.people"
_KEPT_SECONDS = 3600
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
_LONGEST = {"display_name": 60, "phone": 30, "email": 254}
_ROLES = {role.label: role for role in Role}


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be taken: where, what, and how to mend it."""

    place: str
    field: str
    trouble: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The accounts a file would make, or what stands against it."""

    accounts: Sequence[NewAccount]
    problems: Sequence[Problem]


def check_people(people: Sequence[TypedPerson]) -> Checked:
    """Look at every cell; three queries, however many people."""
    offices = {office.name: office for office in list_standing_offices()}
    logins = [canonical_login(person.cells["login"]) for person in people]
    taken, counts = logins_in_use(set(logins)), Counter(logins)
    accounts: list[NewAccount] = []
    problems: list[Problem] = []
    for person, login in zip(people, logins, strict=True):
        found = _Row(person, login, offices)
        if login in taken:
            found.wrong("login", f"登录名“{login}”已被使用", "换一个登录名，或删去这一行")
        elif counts[login] > 1:
            found.wrong(
                "login", f"登录名“{login}”在表中出现{counts[login]}次", "每人用不同的登录名"
            )
        account = found.account()
        problems += found.problems
        if account:
            accounts.append(account)
    return Checked(accounts if not problems else (), problems)


class _Row:
    """One person, cell by cell."""

    def __init__(self, person: TypedPerson, login: str, offices: Mapping[str, Office]) -> None:
        self.person, self.login, self.offices = person, login, offices
        self.problems: list[Problem] = []

    def wrong(self, name: str, trouble: str, remedy: str) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(self.person.place(name), HEADINGS[name], trouble, remedy))

    def account(self) -> NewAccount | None:
        """The account of a row without fault."""
        cells = {name: self._clean(name) for name in HEADINGS}
        if not _LOGIN.fullmatch(self.login):
            self.wrong(
                *("login", f"“{self.login[:20]}”不能作登录名"),
                "用小写字母、数字、点、横线或下划线，3至60位，以字母或数字开头",
            )
        if not cells["display_name"]:
            self.wrong("display_name", "没有填写姓名", "填写姓名")
        role, office = self._role(cells["role"]), self._office(cells["office"])
        self._email(cells["email"])
        if role and office:
            self._post(role, office)
        if self.problems or role is None or office is None:
            return None
        return NewAccount(
            self.login, cells["display_name"], role, office, cells["phone"], cells["email"]
        )

    def _clean(self, name: str) -> str:
        text = self.person.cells[name]
        try:
            text = clean_text(text)
        except ValueError:
            self.wrong(name, "含有不可见的控制字符", "删去后重新输入")
            return ""
        if begins_like_a_formula(text):
            self.wrong(name, f"“{text[:20]}”以公式符号开头", "去掉开头的符号，改为文字")
        if name in _LONGEST and len(text) > _LONGEST[name]:
            self.wrong(name, f"有{len(text)}个字", f"不超过{_LONGEST[name]}个字")
        return text

    def _role(self, text: str) -> Role | None:
        if text in _ROLES:
            return _ROLES[text]
        self.wrong(
            "role", f"没有“{text[:20]}”这个岗位" if text else "没有填写岗位", "从工作表“岗位”中照抄"
        )
        return None

    def _office(self, text: str) -> Office | None:
        if text in self.offices:
            return self.offices[text]
        trouble = f"没有登记“{text[:30]}”" if text else "没有填写单位"
        self.wrong("office", trouble, "从工作表“单位”中照抄全称；单位还没有登记的，先在单位页建立")
        return None

    def _email(self, text: str) -> None:
        if not text:
            return
        try:
            validate_email(text)
        except ValidationError:
            self.wrong(
                "email", f"“{text[:30]}”不是邮箱地址", "按name@example.gov.cn的格式填写，或留空"
            )

    def _post(self, role: Role, office: Office) -> None:
        try:
            require_post(role, office)
        except Invalid as refusal:
            self.wrong("role", refusal.sentence.partition("，")[0], "改岗位，或改单位")


def sealed(actor: User, accounts: Sequence[NewAccount]) -> str:
    """The accounts a preview showed to this person, signed: kept in the page, nowhere else."""
    rows = [
        [row.login, row.display_name, str(row.role), row.office.pk, row.phone, row.email]
        for row in accounts
    ]
    return signing.dumps({"by": actor.pk, "rows": rows}, salt=_SALT, compress=True)


def unsealed(actor: User, text: str) -> list[NewAccount]:
    """The accounts again; what became of offices and logins since, the act itself finds out.

    Raises Invalid `preview_expired` for a text that is not ours, too old, or shown to somebody else.
    """
    expired = Invalid(
        "preview_expired", "核对页已过期或不完整，没有建立账号。请重新上传人员表。", "file"
    )
    try:
        kept: Any = signing.loads(text, salt=_SALT, max_age=_KEPT_SECONDS)
    except signing.BadSignature as error:
        raise expired from error
    offices = {office.pk: office for office in list_standing_offices()}
    if kept["by"] != actor.pk or any(row[3] not in offices for row in kept["rows"]):
        raise expired
    return [
        NewAccount(login, name, Role(role), offices[office], phone, email)
        for login, name, role, office, phone, email in kept["rows"]
    ]
