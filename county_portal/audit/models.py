"""The audit record: append-only, each entry sealed with the digest of the one before."""

import json

from django.db import models

from county_portal.common.triggers import append_only

# Key of the detail that names for whom a deputy acted.
DEPUTY_FOR = "deputy_for"


class Event(models.Model):
    """One change: who did what to which object, from what to what.

    The actor is copied, not referenced: the record must outlive the account it names.
    """

    append_only = True

    serial = models.BigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("账号编号", null=True)
    actor_login = models.CharField("登录名", max_length=150)
    actor_role = models.CharField("岗位", max_length=40, blank=True)
    actor_office = models.CharField("单位", max_length=120, blank=True)
    act = models.CharField("事项", max_length=60, db_index=True)
    kind = models.CharField("对象类别", max_length=40)
    object_id = models.CharField("对象编号", max_length=64, db_index=True)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    detail = models.JSONField("内容")
    previous_digest = models.CharField("上条摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64, unique=True)

    class Meta:
        ordering = ["serial"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.serial} {self.act} {self.kind} {self.object_id}"

    @property
    def deputy_for_name(self) -> str:
        """For whom the actor stood in, as named then; empty for an act of the actor's own post."""
        return str(self.detail.get(DEPUTY_FOR, {}).get("name", ""))

    @property
    def detail_text(self) -> str:
        """The detail as the auditor reads it."""
        return json.dumps(self.detail, ensure_ascii=False, sort_keys=True)
