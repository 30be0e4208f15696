"""Forms of the plan: a section's text, a key task with its steps, a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from applications.enums import KeyTask
from applications.rules.materials import Step, Task
from applications.rules.pasted_steps import read_pasted
from applications.rules.plan import MAX_STEPS, MAX_TEXT, mark_of_task
from county_portal.common.fields import CleanCharField, DayField, words_field
from county_portal.documents.wording import one_line

MORE_ROWS = 3
STEPS, PASTE = "steps", "paste"
# Characters of a pasted table that are read; more than the longest schedule has.
MAX_PASTED = 20_000


class TextForm(forms.Form):
    """One written section."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="正文",
        required=False,
        max_length=MAX_TEXT + 1000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22}),
        help_text="每段一行。小标题单独成行，以“（一）”“1.”开头；不写空格缩进，排版时自动处理。",
    )
    renumber = forms.BooleanField(
        label="保存时自动编排小标题序号（（一）、1.、（1））", required=False, initial=True
    )


class TaskForm(forms.Form):
    """A key task; its steps are forms of their own. `seen` is the mark of the task as the page showed it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    goal = words_field("目标", max_length=2000, rows=4, help_text="写明到建设期末要达到的目标。")
    units = CleanCharField(
        label="责任单位",
        required=False,
        max_length=1200,
        help_text="每行一个单位，牵头单位写在第一行。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def unit_names(self) -> list[str]:
        """One a line or between 、, each once."""
        typed = self.cleaned_data["units"].replace("、", "\n").splitlines()
        return list(dict.fromkeys(name for line in typed if (name := one_line(line))))


class StepForm(forms.Form):
    """A line of 进度安排."""

    name = CleanCharField(
        label="工作内容",
        max_length=200,
        error_messages={
            "required": "请填写工作内容，或把本行清空。",
            "max_length": "工作内容最多%(limit_value)d字，现有%(show_value)d字，请精简。",
        },
    )
    starts_on = DayField(label="开始日期")
    ends_on = DayField(label="完成日期")

    def clean(self) -> dict[str, Any]:
        """The end not before the beginning."""
        data = super().clean() or self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "完成日期早于开始日期，请核对。")
        return data

    @property
    def step(self) -> Step | None:
        """The line, None where it was left blank or is to go."""
        data = self.cleaned_data
        if not data or data.get("DELETE"):
            return None
        return Step(one_line(data["name"]), data["starts_on"], data["ends_on"])


StepFormSet = forms.formset_factory(
    StepForm,
    extra=MORE_ROWS,
    can_delete=True,
    max_num=MAX_STEPS,
    absolute_max=MAX_STEPS,
    validate_max=True,
)
_StepValues = Sequence[Mapping[str, Any]]


class PlanFileForm(forms.Form):
    """The plan as a file."""

    file = forms.FileField(
        label="实施方案文件",
        allow_empty_file=True,
        error_messages={"required": "请选择实施方案文件（DOCX或PDF）。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        self.fields["file"].help_text = f"DOCX或PDF，不超过{megabytes}MB，不含宏。"


def task_forms(task: Task | None) -> tuple[TaskForm, Any]:
    """The forms of a task as it is stored."""
    if task is None:
        return TaskForm(), StepFormSet(prefix=STEPS)
    initial = {"seen": mark_of_task(task), "goal": task.goal, "units": "\n".join(task.units)}
    steps = [
        {"name": step.name, "starts_on": step.starts_on, "ends_on": step.ends_on}
        for step in task.steps
    ]
    return TaskForm(initial=initial), StepFormSet(prefix=STEPS, initial=steps)


def over_theirs(data: QueryDict, theirs: Task | None) -> tuple[TaskForm, Any]:
    """What was typed, to be saved once more after it was compared with what a colleague saved."""
    typed = data.copy()
    typed["seen"] = mark_of_task(theirs)
    return TaskForm(typed), StepFormSet(typed, prefix=STEPS)


def with_more_rows(data: Mapping[str, Any]) -> tuple[TaskForm, Any]:
    """What was typed, unjudged, with the steps that were pasted and more blank rows: without JavaScript, too."""
    names = ("seen", "goal", "units")
    initial = {name: data.get(name, "") for name in names}
    rows = [*_typed_rows(data), *_pasted_rows(str(data.get(PASTE, "")))][:MAX_STEPS]
    return TaskForm(initial=initial), StepFormSet(prefix=STEPS, initial=rows)


def _pasted_rows(text: str) -> _StepValues:
    return [
        {"name": step.name, "starts_on": step.starts_on, "ends_on": step.ends_on}
        for step in read_pasted(text[:MAX_PASTED])
    ]


def _typed_rows(data: Mapping[str, Any]) -> _StepValues:
    total = str(data.get(f"{STEPS}-TOTAL_FORMS", ""))
    count = min(int(total), MAX_STEPS) if total.isascii() and total.isdigit() else 0
    fields = ("name", "starts_on", "ends_on")
    rows = [
        {field: data.get(f"{STEPS}-{place}-{field}", "") for field in fields}
        for place in range(count)
        if not data.get(f"{STEPS}-{place}-DELETE")
    ]
    return [row for row in rows if any(row.values())]


def read_task(kind: KeyTask, form: TaskForm, steps: Any) -> Task | None:
    """The task as typed; None where a form has errors."""
    if not (form.is_valid() and steps.is_valid()):
        return None
    typed = [each.step for each in steps.forms]
    found = sorted(
        (step for step in typed if step), key=lambda step: (step.starts_on, step.ends_on)
    )
    return Task(kind, form.cleaned_data["goal"], form.unit_names, found)
