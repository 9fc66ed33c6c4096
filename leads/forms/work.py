"""Follow-ups, assignment, dispatch, report, and the reason for taking something back."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, UnitKind, User
from core.clock import likely_today
from core.forms import Choices, Day, Lines, Moment, OnceForm, Text, WordField, widen
from leads.choices import FollowUpKind, FollowUpStatus
from leads.forms.fields import MobileText
from policies.dictionaries import Words, words
from policies.models import OrderType

DAYS_AHEAD = 3


class FollowUpForm(OnceForm):
    kind = forms.ChoiceField(label=_("kind of contact"), choices=FollowUpKind, initial=FollowUpKind.CALL)
    status = forms.ChoiceField(label=_("follow-up status"), choices=FollowUpStatus, initial=FollowUpStatus.CONTINUE)
    next_on = Day(label=_("next follow-up"), required=False, input_formats=["%Y-%m-%d"])
    phone = MobileText(
        label=_("customer's phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    content = Lines(label=_("follow-up content"), max_length=500)

    def __init__(self, data: Any = None, *, user: User, phone: str = "", **options: Any) -> None:
        preset = {"phone": phone, "next_on": likely_today() + timedelta(days=DAYS_AHEAD)}
        super().__init__(data, user=user, initial=preset, **options)
        widen(self, "content", "wide")


def assignment_words() -> Words:
    return words(
        store=Unit.objects.filter(kind=UnitKind.STORE, active=True), order_type=OrderType.objects.filter(active=True)
    )


class AssignForm(OnceForm):
    store = WordField(label=_("showroom"), widget=Choices(empty=_("choose")))
    order_type = WordField(label=_("order type"), widget=Choices(empty=_("choose")))
    note = Text(label=_("note"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, user=user, **options)
        lists = assignment_words()
        for name in ("store", "order_type"):
            self.fields[name].offer(lists[name])  # type: ignore[attr-defined]
        widen(self, "note", "w2")


class ReasonForm(OnceForm):
    reason = Text(label=_("reason"), max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        widen(self, "reason", "wide")


def designers() -> QuerySet[User]:
    """Whoever may report a measurement is somebody a measurement can be dispatched to."""
    right = Permission.objects.filter(codename="report_measurement", content_type__app_label="leads")
    has_it = Q(group__user=OuterRef("pk")) | Q(user=OuterRef("pk"))
    return User.objects.filter(Exists(right.filter(has_it)), is_active=True)


class DispatchForm(OnceForm):
    designer = WordField(label=_("dispatched designer"), widget=Choices(empty=_("choose")))
    scheduled_at = Moment(label=_("scheduled at"))
    note = Text(label=_("note"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, user=user, **options)
        self.fields["designer"].offer(words(designer=designers())["designer"])  # type: ignore[attr-defined]
        widen(self, "note", "w2")


class ReportForm(OnceForm):
    result = Lines(label=_("result of the measurement"), max_length=1000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        widen(self, "result", "wide")
