"""What is asked before a protection is prolonged, ended or confirmed (PROT-3, -4)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Day, OnceForm, Text, widen
from leads.choices import Ending

LONGEST = 500


class ExtendForm(OnceForm):
    reason = Text(label=_("reason"), max_length=LONGEST)
    until = Day(
        label=_("until"),
        required=False,
        input_formats=["%Y-%m-%d"],
        help_text=_("Left empty: as long as the policy allows."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        widen(self, "reason", "w2")


class EndForm(OnceForm):
    """Why a protection is ended before its time, and the reason in words."""

    reasons: tuple[Ending, ...] = ()
    why = forms.ChoiceField(label=_("why"))
    reason = Text(label=_("reason"), max_length=LONGEST)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: Any = self.fields["why"]
        choices.choices = [(each.value, each.label) for each in self.reasons]
        widen(self, "reason", "w2")


class ReleaseForm(EndForm):
    reasons = (Ending.LET_GO, Ending.COMPETITOR)


class VoidForm(EndForm):
    reasons = (Ending.FALSE, Ending.COMPETITOR)


class VisitForm(OnceForm):
    note = Text(label=_("note"), max_length=LONGEST, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        widen(self, "note", "w2")


class WonForm(VisitForm):
    """The same for a deal."""
