"""How forms are drawn, and the fields that every form cleans its input with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.once import new_key, secret_of
from core.text import clean_text
from core.verdicts import Refused

PLAIN = {
    "hidden",
    "multiple_hidden",
    "radio",
    "checkbox_select",
    "multiwidget",
    "splitdatetime",
    "clearable_file_input",
}
CLASSES = {
    "select": "form-select",
    "checkbox": "form-check-input",
    "checkbox_option": "form-check-input",
    "radio_option": "form-check-input",
}
CENTURY = range(2000, 2100)


def dress(widget: dict[str, Any]) -> None:
    """Give a widget about to be drawn, and its parts, the class that the skin knows."""
    for part in widget.get("subwidgets", ()):
        dress(part)
    kind = widget["template_name"].rsplit("/", 1)[-1].removesuffix(".html")
    attributes = widget["attrs"]
    if kind in PLAIN:
        return
    classes = [attributes.get("class", ""), CLASSES.get(kind, "form-control")]
    if attributes.get("aria-invalid"):
        classes.append("is-invalid")
    attributes["class"] = " ".join(filter(None, classes))


class Renderer(TemplatesSetting):
    """Draws every form of the project, so that `{{ form }}` is all a page has to say."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if widget := context.get("widget"):
            dress(widget)
        return super().render(template_name, context, request)


def refuse(form: forms.BaseForm, refused: Refused) -> None:
    """Put the reasons of a refusal where they belong in the form; everything typed stays, and the refusal with it.

    What only warns was not why: it goes into `warnings`.
    """
    form.refused = refused  # type: ignore[attr-defined]
    form.warnings = _warnings(form, refused)  # type: ignore[attr-defined]
    for problem in refused.problems:
        if not problem.blocks:
            continue
        field = problem.field if problem.field in form.fields else None
        sentence = problem.sentence
        if problem.path:
            sentence = format_html('{} <a href="{}">{}</a>', sentence, problem.path, _("Open it"))
        form.add_error(field, ValidationError(sentence, code=problem.code or "refused"))


def _warnings(form: forms.BaseForm, refused: Refused) -> list[str]:
    """Each with the name of its field."""
    warnings = []
    for problem in refused.problems:
        if problem.blocks:
            continue
        field = form.fields.get(problem.field)
        named = {"field": field.label, "sentence": problem.sentence} if field else {}
        warnings.append(_("%(field)s: %(sentence)s") % named if field else problem.sentence)
    return warnings


def widen(form: forms.BaseForm, name: str, width: str) -> None:
    """Give a field two columns (`w2`) or all (`wide`) where the form is drawn."""
    field: Any = form.fields[name]
    field.wrapper_class = width


class OnceForm(forms.Form):
    """A form that can be sent once: each drawing carries its own key (guarantees 1). `secret` goes to the service.

    A key is good for forms of one `purpose` alone: a class has its own unless it says otherwise.
    """

    once = forms.CharField(widget=forms.HiddenInput, required=False)
    purpose = ""

    def __init_subclass__(cls) -> None:
        cls.purpose = cls.__dict__.get("purpose") or cls.__name__

    def __init__(self, data: Any = None, files: Any = None, *, user: Any, **options: Any) -> None:
        self.secret = ""
        if data is not None:
            data = data.copy()
            self.secret = secret_of(data.get("once", ""), user.pk, self.purpose)
            self.sent_once = bool(self.secret)
            if not self.sent_once:
                data["once"] = new_key(user.pk, self.purpose)
        super().__init__(data, files, **options)
        self.fields["once"].initial = new_key(user.pk, self.purpose)

    def clean_once(self) -> str:
        if not self.sent_once:
            raise ValidationError(_("This form is out of date. Please check it and send it again."), code="once")
        return str(self.cleaned_data["once"])

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(None if field == "once" else field, error)


class Text(forms.CharField):
    """A line of text: NFC, trimmed, without invisible characters."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class Lines(forms.CharField):
    """Text of several lines."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "", lines=True)


class Choices(forms.Select):
    """A select over entries with `pk`, `name` and `extra`, shared between the forms of a batch."""

    def __init__(self, empty: Any = "", attribute: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.empty = empty
        self.attribute = attribute

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if self.attribute and (extra := self.extras.get(option["value"])):
            option["attrs"][self.attribute] = extra
        return option

    extras: dict[Any, str] = {}


class Day(forms.DateField):
    """A date, typed as 2026-08-01 or picked from the browser's calendar."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class Moment(forms.DateTimeField):
    """A time of the site's zone, to the minute, within this century."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Please give the day and the time, such as 2026-08-01 10:30.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"], **options)

    def validate(self, value: datetime | None) -> None:
        super().validate(value)
        if value and value.year not in CENTURY:
            raise ValidationError(_("Please check the year."), code="year")


class WordField(forms.Field):
    """One entry of a dictionary list read beforehand; cleans to its id. An unknown entry is named as such."""

    widget: Any = Choices
    default_error_messages = {"unknown": _("Choose one of the entries in the list.")}

    def offer(self, entries: Iterable[Any], extras: dict[Any, str] | None = None) -> None:
        """Set the entries of this request's form."""
        listed = [(entry.pk, entry.name) for entry in entries]
        self.known = {pk for pk, _name in listed}
        self.widget.choices = [("", self.widget.empty), *listed]
        self.widget.extras = extras or {}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            pk = int(value)
        except (TypeError, ValueError):
            pk = 0
        if pk not in self.known:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return pk
