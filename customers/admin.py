"""The list of shared numbers, kept by administrators. Customers and their keys are no business of theirs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.forms import Text
from customers.keys import Key, KeyKind
from customers.keys.numbers import number_keys
from customers.models import SharedKey
from customers.shared import let_go

NUMBERS = (KeyKind.MOBILE, KeyKind.PHONE)


class SharedKeyForm(forms.ModelForm):
    """A key to be listed; numbers as people write them, with their area code."""

    value = Text(
        label=_("value"),
        max_length=250,
        widget=AdminTextInputWidget,
        help_text=_("Numbers in any way of writing, with area code; anything else exactly as the system keeps it."),
    )

    class Meta:
        model = SharedKey
        fields = ("kind", "value", "active", "note")
        help_texts = {
            "active": _(
                "While it is switched on it is no evidence and nobody holds it. Switched off it counts again, but is"
                " held by nobody before the next filing with it."
            )
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") in NUMBERS and cleaned.get("value"):
            key = whole_number(cleaned["value"])
            if key is None:
                self.add_error("value", ValidationError(_("This is no whole telephone number."), code="number"))
            else:
                cleaned |= {"kind": key.kind, "value": key.value}
        return cleaned


def whole_number(text: str) -> Key | None:
    """The key of a number without hidden digits: a mobile or a phone, as which it is found whatever it was called."""
    keys = [key for key in number_keys(text, "", "") if key.exact]
    return keys[0] if keys else None


@admin.register(SharedKey)
class SharedKeyAdmin(admin.ModelAdmin):
    """A row that is there keeps its key: it is switched on and off."""

    form = SharedKeyForm
    list_display = ["value", "kind", "active", "note", "by", "at"]
    list_filter = ["kind", "active"]
    search_fields = ["value", "note"]
    list_select_related = ["by"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind", "value", "active", "note", *(("by", "at") if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind", "value", "by", "at") if obj else ()

    def save_model(self, request: HttpRequest, obj: SharedKey, form: Any, change: bool) -> None:
        if not change:
            by: Any = request.user
            obj.by, obj.at = by, database_now()
        super().save_model(request, obj, form, change)
        let_go([Key(obj.kind, obj.value)])
