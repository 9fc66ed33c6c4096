"""What the list of collisions can be searched by: state (by default what nobody has looked at), firmness, days."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.clock import start_of
from leads.choices import CollisionState
from leads.querysets import CollisionQuerySet
from policies.models import Firmness

SORT = "-at"
EVERY = "all"
STATES = [*CollisionState.choices, (EVERY, _("State: all"))]
FIRMNESSES = [("", _("Firmness: all")), *(choice for choice in Firmness.choices if choice[0] != Firmness.NONE)]


def day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date", "aria-label": label}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget)


class CollisionFilter(forms.Form):
    """The search bar; `filters`, `errors` and `qs` are what the paging asks for."""

    state = forms.ChoiceField(label=_("state"), choices=STATES)
    firmness = forms.ChoiceField(label=_("firmness"), choices=FIRMNESSES, required=False)

    def __init__(self, query: QueryDict, collisions: CollisionQuerySet) -> None:
        said = query.copy()
        if not said.get("state"):
            said["state"] = CollisionState.OPEN
        super().__init__(said, auto_id="f_%s", use_required_attribute=False)
        self.collisions = collisions
        self.fields["from"], self.fields["to"] = day_field(_("from")), day_field(_("to"))
        for name in ("state", "firmness"):
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    @property
    def filters(self) -> dict[str, forms.Field]:
        return self.fields

    @property
    def qs(self) -> CollisionQuerySet:
        if not self.is_valid():
            return self.collisions.none()
        asked, found = self.cleaned_data, self.collisions
        if asked["state"] != EVERY:
            found = found.filter(state=asked["state"])
        if asked["firmness"]:
            found = found.filter(firmness=asked["firmness"])
        if asked["from"]:
            found = found.filter(at__gte=start_of(asked["from"]))
        if asked["to"]:
            found = found.filter(at__lt=start_of(asked["to"] + timedelta(days=1)))
        return found
