"""Settings of a study of robustness, and the word on a boundary county."""

from decimal import Decimal
from typing import Any

from django import forms

from county_portal.common.fields import CleanCharField
from scoring.actions.robustness import DRAWS, StudyOrder
from scoring.robustness.settings import DEFAULT_DRAWS, StudySettings

_HUNDRED = Decimal(100)
_WORD_AT_MOST = 500


def _number(
    label: str, initial: Decimal | int, help_text: str, **kwargs: Any
) -> forms.DecimalField:
    words = f"{label}请填写数字。"
    return forms.DecimalField(
        label=label,
        initial=initial,
        help_text=help_text,
        max_digits=8,
        error_messages={
            "invalid": words,
            "required": words,
            "max_digits": words,
            "max_decimal_places": f"{label}最多{kwargs.get('decimal_places')}位小数。",
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        **kwargs,
    )


class StudyForm(forms.Form):
    """How large the disturbances are; percentages here, shares in a study's settings."""

    epsilon = _number(
        "临界范围（分）", 1, "总分距分档线不超过这么多分的县为临界县，0至10分。", decimal_places=2
    )
    threshold = _number(
        "换档概率门槛（%）",
        10,
        "抽样中换档比例达到门槛的县也为临界县，1%至100%。",
        decimal_places=1,
    )
    weights = _number(
        "权重扰动（±%）", 10, "各指标权重在此范围内随机增减，总权重不变，0至50%。", decimal_places=1
    )
    warnings = _number(
        "提示数据偏差（±%）",
        10,
        "提示经说明原因后通过、又没有上年数可比的数据，可能偏差的幅度，0至50%。",
        decimal_places=1,
    )
    draws = _number(
        "抽样次数",
        DEFAULT_DRAWS,
        f"{DRAWS[0]}至{DRAWS[1]}次；次数越多越稳定，用时越长。",
        decimal_places=0,
    )
    seed = forms.CharField(
        label="随机种子",
        required=False,
        max_length=18,
        help_text="可不填，由运行摘要推出；相同的设定和种子得到相同的结果。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_seed(self) -> int | None:
        """A whole number, or nothing."""
        text = str(self.cleaned_data["seed"]).strip()
        if text and not (text.isascii() and text.isdigit()):
            raise forms.ValidationError("随机种子请填写不超过18位的数字，或不填。", "invalid")
        return int(text) if text else None

    @property
    def order(self) -> StudyOrder:
        """What to study; ask only of a valid form."""
        data = self.cleaned_data
        return StudyOrder(
            StudySettings(
                epsilon=data["epsilon"],
                weights=data["weights"] / _HUNDRED,
                warnings=data["warnings"] / _HUNDRED,
                threshold=data["threshold"] / _HUNDRED,
            ),
            int(data["draws"]),
            data["seed"],
        )


class BoundaryForm(forms.Form):
    """已复核 with a word; the study is the one the reviewer reads."""

    study = forms.UUIDField(widget=forms.HiddenInput)
    word = CleanCharField(
        label="复核意见",
        max_length=_WORD_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明核对了什么、结论是什么；与复核人、复核时间一并留存，不能修改，可以再写一条。",
        error_messages={"required": "请写明复核了什么、结论是什么，再标记已复核。"},
    )
