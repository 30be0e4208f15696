"""Which events at the door are looked for."""

from django import forms

from county_portal.accounts.models import SignInKind
from county_portal.accounts.selectors import SignInsWanted
from county_portal.common.fields import CleanCharField, DayField


class SignInFilterForm(forms.Form):
    q = CleanCharField(label="登录名、姓名、单位或地址", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="情形", required=False, choices=[("", "全部"), *SignInKind.choices]
    )
    since = DayField(label="自", required=False)
    until = DayField(label="至（含当日）", required=False)

    @property
    def wanted(self) -> SignInsWanted:
        """What is looked for; nonsense in the address looks for everything."""
        self.is_valid()
        data = self.cleaned_data
        return SignInsWanted(
            data.get("q", ""), data.get("kind", ""), data.get("since"), data.get("until")
        )
