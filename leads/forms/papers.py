"""Attaching papers and taking them off (LEAD-11)."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import OnceForm, widen
from core.pictures import clean_photo
from leads.choices import PaperKind


class PaperForm(OnceForm):
    kind = forms.ChoiceField(label=_("paper"), choices=PaperKind)
    photo = forms.FileField(
        label=_("photo"), max_length=255, widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("kind", "photo"):
            widen(self, name, "w2")

    def clean_photo(self) -> ContentFile:
        return clean_photo(self.cleaned_data["photo"])


class RemovePaperForm(OnceForm):
    """Nothing to fill in; many stand on one page."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, user=user, auto_id=False)
