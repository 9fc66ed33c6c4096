"""What an auditor fills in: a decision, one for many, the reason for a reopening."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm, Text
from leads.choices import AuditStatus

RESULTS = [(status.value, status.label) for status in (AuditStatus.SUCCESS, AuditStatus.FAILURE)]
AT_ONCE = 200
LONGEST_ID = 18


class DecisionForm(OnceForm):
    result = forms.ChoiceField(
        label=_("Result"),
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose success or failure first.")},
    )
    remark = Text(label=_("Remark"), required=False, max_length=500)


class BulkForm(DecisionForm):
    """One decision for all ticked cases."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="bulk_%s", **options)

    @property
    def ticked(self) -> list[int]:
        """The ids of the ticked cases, each once, in their order."""
        sent = self.data.getlist("assignment") if isinstance(self.data, QueryDict) else []
        ids = (value for value in sent if value.isascii() and value.isdecimal() and len(value) <= LONGEST_ID)
        return list(dict.fromkeys(map(int, ids)))

    def clean(self) -> dict[str, Any]:
        if not self.ticked:
            raise ValidationError(_("Tick the cases to decide on first."), code="none")
        if len(self.ticked) > AT_ONCE:
            raise ValidationError(_("At most %(most)d cases can be decided at once."), params={"most": AT_ONCE})
        return self.cleaned_data


class ReopenForm(OnceForm):
    reason = Text(label=_("Reason"), max_length=500)
