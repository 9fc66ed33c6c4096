"""What somebody fills in who decides on a request."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.choices import Decision
from core.forms import Lines, OnceForm


class AnswerForm(OnceForm):
    """`decisions`: those that the kind of the request knows."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("request", "Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide first.")},
    )
    answer = Lines(
        label=_("Reason"),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, decisions: Collection[Decision], **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["decision"]
        choice.choices = [(decision.value, decision.label) for decision in decisions]
        self.fields["answer"].help_text = (
            _("Needed to refuse and to return. The applicant reads it.")
            if Decision.RETURN in decisions
            else _("Needed to refuse. The applicant reads it.")
        )
