"""What the filing office says of two filings that met."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm, Text, widen


class ReasonedForm(OnceForm):
    reason = Text(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        widen(self, "reason", "wide")


class SameForm(ReasonedForm):
    pass


class DifferentForm(OnceForm):
    remark = Text(label=_("note"), max_length=500, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        widen(self, "remark", "wide")


class ReconsiderForm(ReasonedForm):
    pass
