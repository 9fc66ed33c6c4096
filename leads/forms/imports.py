"""The two forms of the import: choosing a file, and what to do with its preview."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm


class UploadForm(OnceForm):
    file = forms.FileField(
        label=_("workbook"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Please choose a file.")},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            raise ValidationError(_("The file is larger than 12 MB. Please split it."), code="too_large")
        return file


class ImportDecisionForm(OnceForm):
    decision = forms.ChoiceField(
        choices=[("import", _("Import")), ("cancel", _("Cancel"))],
        widget=forms.HiddenInput,
        error_messages={"required": _("Import or cancel?"), "invalid_choice": _("Import or cancel?")},
    )

    @property
    def imports(self) -> Any:
        return self.cleaned_data["decision"] == "import"
