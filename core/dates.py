"""Days and moments in words that stay true however late they are read."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _


def exact_words(value: date | datetime) -> str:
    """The day, with the year only where it is another one; of a moment the time as well, in the site's zone."""
    if isinstance(value, datetime):
        moment = timezone.localtime(value)
        return f"{_day_words(moment.date())} {moment:%H:%M}"
    return _day_words(value)


def _day_words(day: date) -> str:
    # Translators: a date format of Django's `date` filter, day and month.
    short = _("j F")
    # Translators: a date format of Django's `date` filter, day, month and year.
    return format_date(day, short if day.year == timezone.localdate().year else _("j F Y"))
