"""What every page draws: icons, column heads that sort, moments in words, money."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.dates import exact_words

register = template.Library()

HOUR = timedelta(hours=1)
WARN_FROM = 0.8


@cache
def draw_icon(name: str, css: str) -> SafeString:
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("icons.svg"), name)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A symbol of `static/icons.svg`; always beside a word or inside something with a label."""
    return draw_icon(name, f"i {css}".rstrip())


@register.simple_tag(takes_context=True)
def sort_header(context: Context, key: str, label: str, css: str = "", first: str = "") -> SafeString:
    """A column head that sorts by `key`; `first="-"` starts with the greatest (dates, amounts).

    The order in force is `?sort=`, or the context's `sort` where the address says none.
    """
    query = context["request"].GET.copy()
    current = query.get("sort") or context.get("sort") or ""
    sorted_by_key = current.lstrip("-") == key
    descending = current.startswith("-")
    query["sort"] = f"{'' if descending else '-'}{key}" if sorted_by_key else f"{first}{key}"
    for place in ("after", "page", "export"):
        query.pop(place, None)
    if not sorted_by_key:
        return format_html(
            '<th scope="col" class="{}"><a class="sort" href="?{}">{}</a></th>', css, query.urlencode(), label
        )
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="sort" href="?{}">{} {}</a></th>',
        css,
        "descending" if descending else "ascending",
        query.urlencode(),
        label,
        draw_icon("dn" if descending else "up", "i"),
    )


def day_in_words(day: date, today: date) -> str:
    """Today, yesterday, tomorrow, or the date; the year only where it is another one."""
    match (day - today).days:
        case 0:
            return _("today")
        case -1:
            return _("yesterday")
        case 1:
            return _("tomorrow")
    return exact_words(day)


def moment_in_words(moment: datetime, now: datetime) -> str:
    """`now` and `moment` are both in the site's zone."""
    gone = now - moment
    if timedelta(0) <= gone < HOUR:
        minutes = int(gone.total_seconds() // 60)
        if minutes == 0:
            return _("just now")
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    day = day_in_words(moment.date(), now.date())
    if abs((moment.date() - now.date()).days) > 1:
        return day
    return f"{day} {moment:%H:%M}"


@register.filter
def exact(value: datetime | date | None) -> SafeString | str:
    """A day or a moment that does not turn into "just now" or "tomorrow": for what people compare with each other."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), exact_words(value))


@register.filter
def since(value: datetime | date | None) -> SafeString | str:
    """A moment or a day as people say it, the exact one on hover."""
    if not value:
        return ""
    now = timezone.localtime()
    if not isinstance(value, datetime):
        return format_html(
            '<time datetime="{0}" title="{0}">{1}</time>', value.isoformat(), day_in_words(value, now.date())
        )
    moment = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        f"{moment:%Y-%m-%d %H:%M:%S}",
        moment_in_words(moment, now),
    )


@register.filter
def money(value: Decimal | int | None) -> str:
    """28,000 or 28,000.50; nothing for nothing."""
    if value is None or value == "":
        return ""
    return f"{Decimal(value):,.2f}".removesuffix(".00")


@register.filter
def tone_of(used: int, total: int) -> str:
    """The tone of a meter: nothing, `warn` from four fifths, `danger` when full."""
    if used >= total:
        return "danger"
    return "warn" if used >= total * WARN_FROM else ""


@register.filter
def attr(field: BoundField, pair: str) -> SafeString:
    """`{{ form.mobile|attr:"inputmode=tel" }}` draws the control with one more attribute."""
    name, _sign, value = pair.partition("=")
    attributes: dict[str, Any] = {name: value}
    return mark_safe(field.as_widget(attrs=attributes))  # noqa: S308  drawn by Django's own widget template
