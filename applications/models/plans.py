"""The implementation plan (实施方案, S0 annex 2-3): seven sections, written here or uploaded as a file."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from applications.enums import KeyTask, MaterialsKind, Section
from applications.models.applications import Application
from county_portal.common.models import PublicIdModel
from county_portal.files.models import StoredFile


class PlanText(models.Model):
    """One written section; its words number themselves 一、（一）1. as official documents do."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="texts", verbose_name="申报材料"
    )
    section = models.CharField("部分", max_length=12, choices=Section.choices)
    text = models.TextField("正文")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "section"], name="plan_text_once_per_section"
            )
        ]

    def __str__(self) -> str:
        return self.section


class PlanFile(models.Model):
    """The plan as an uploaded file, in place of the written text; tasks and schedule are kept here anyway."""

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="plan_file", verbose_name="申报材料"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    def __str__(self) -> str:
        return str(self.file)


class PlanTask(PublicIdModel):
    """A key task chosen among the ten: its goal, its responsible units."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="tasks", verbose_name="申报材料"
    )
    kind = models.CharField("重点任务", max_length=2, choices=KeyTask.choices)
    order = models.PositiveSmallIntegerField("序号")
    goal = models.TextField("目标")
    units = ArrayField(models.CharField(max_length=60), verbose_name="责任单位", default=list)

    class Meta:
        ordering = ["application", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="plan_task_chosen_once"),
            models.CheckConstraint(condition=Q(goal__regex=r"\S"), name="plan_task_has_a_goal"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class PlanStep(PublicIdModel):
    """A step of a task with its dates: a line of 进度安排."""

    task = models.ForeignKey(
        PlanTask, models.CASCADE, related_name="steps", verbose_name="重点任务"
    )
    name = models.CharField("工作内容", max_length=200)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("完成日期")

    class Meta:
        ordering = ["task", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="plan_step_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="plan_step_has_words"),
        ]

    def __str__(self) -> str:
        return self.name


class MaterialsFile(models.Model):
    """The materials as one document (or with their attachments, as a zip), rendered once for each content."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="files", verbose_name="申报材料"
    )
    kind = models.CharField("格式", max_length=4, choices=MaterialsKind.choices)
    # Of what the document says and how it is laid out.
    digest = models.CharField("摘要", max_length=64)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    pages = models.PositiveIntegerField("页数", null=True)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "digest"], name="materials_file_made_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.file)
