"""What the administrator types into dictionaries and rules, checked as a whole."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import Lines, Text
from policies.communities import plain_name
from policies.matching import FIRM
from policies.models import Community, CommunityName, Evidence, Firmness, MatchRule
from policies.services import names_elsewhere

LONGEST_NAME = CommunityName._meta.get_field("plain").max_length or 0
WHOLE = frozenset({*FIRM, Evidence.MASK_NAME})
"""The evidence of two whole keys being equal: only those can be guarded when two people file at one instant."""


class CommunityForm(forms.ModelForm):
    """A community with its other names, one in a line."""

    name = Text(label=_("name"), max_length=LONGEST_NAME, widget=AdminTextInputWidget)
    aliases = Lines(
        label=_("other names"),
        max_length=1000,
        required=False,
        widget=AdminTextareaWidget,
        help_text=_(
            "One in a line: old names, misspellings, street and number. Filings under any of them are filings of one"
            " place. Blanks, full width signs and the like need no line of their own."
        ),
    )

    class Meta:
        model = Community
        fields = ("city", "name", "aliases")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not plain_name(name):
            raise ValidationError(_("This says nothing that tells one community from another."), code="plain")
        return name

    def clean_aliases(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["aliases"].splitlines() if line.strip()]
        for line in lines:
            if max(len(line), len(plain_name(line))) > LONGEST_NAME:
                raise ValidationError(
                    _("A name has at most %(most)s characters: “%(name)s…”."),
                    code="length",
                    params={"most": LONGEST_NAME, "name": line[:10]},
                )
        return "\n".join(dict.fromkeys(lines))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            typed = Community(pk=self.instance.pk, **{name: cleaned[name] for name in self.Meta.fields})
            for problem in names_elsewhere(typed):
                self.add_error(problem.field, ValidationError(problem.sentence, code=problem.code))
        return cleaned


class MatchRuleForm(forms.ModelForm):
    """A combination of evidence, ticked, and how firm it is."""

    evidence = forms.MultipleChoiceField(
        label=_("evidence"),
        choices=Evidence,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that is ticked has to be there together. Name and gender are looked at beside a key only."),
    )

    class Meta:
        model = MatchRule
        fields = ("evidence", "firmness")
        help_texts = {
            "firmness": _(
                "The same: a second filing is refused. Likely or possible: it is filed, and shown to the office. Of all"
                " combinations that fit the firmest one counts."
            )
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["evidence"] = self.instance.words

    def clean_evidence(self) -> str:
        return ",".join(sorted(self.cleaned_data["evidence"]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ticked = [word for word in cleaned.get("evidence", "").split(",") if word]
        if cleaned.get("firmness") == Firmness.SAME and ticked and not set(ticked) & set(WHOLE):
            sentence = _(
                "“%(evidence)s” can't make two customers the same: only whole keys are guarded when two people file at"
                " one instant. Choose “%(likely)s”, or tick a whole key with it."
            )
            labels = " + ".join(str(Evidence(word).label) for word in ticked)
            words = {"evidence": labels, "likely": Firmness.LIKELY.label}
            self.add_error("firmness", ValidationError(sentence, code="unguarded", params=words))
        return cleaned
