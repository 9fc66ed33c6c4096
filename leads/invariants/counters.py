"""Counters equal the facts they count."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Count, IntegerField, Max, Min
from django.db.models.functions import Cast, Substr

from core.models import Serial
from leads.models import Lead, QuotaDay
from leads.services.filing import PREFIX

STEM = len(PREFIX) + len("20260101")
Day = tuple[int, date]


def quota_counts() -> Iterator[str]:
    """A day's use is the filings with a number of that day, withdrawn ones too; its credit the leads decided first."""
    used, credit = _counted("filed_on"), _counted("credited_on")
    for user_id, day, has_used, has_credit in QuotaDay.objects.values_list(
        "user_id", "day", "used", "credit"
    ).iterator():
        filed, credited = used.pop((user_id, day), 0), credit.pop((user_id, day), 0)
        if (has_used, has_credit) != (filed, credited):
            told = f"person {user_id}, {day}: the quota counts {has_used} used and {has_credit} credited"
            yield f"{told}, but {filed} were filed and {credited} credited"
    for (user_id, day), count in sorted((used + credit).items()):
        yield f"person {user_id}, {day}: {count} filed or credited, but no day of the quota"


def _counted(column: str) -> Counter[Day]:
    rows = Lead.objects.filter(**{f"{column}__isnull": False}).order_by()
    grouped = rows.values_list("filer_id", column).annotate(count=Count("pk"))
    return Counter({(filer_id, day): count for filer_id, day, count in grouped.iterator()})


def numbers_have_no_gaps() -> Iterator[str]:
    """The numbers of a day are 1 to n, n the day's serial: there are n, the least is 1 and the greatest n."""
    serial = Cast(Substr("number", STEM + 1), IntegerField())
    leads = Lead.objects.annotate(stem=Substr("number", 1, STEM), serial=serial).order_by()
    counts = leads.values("stem").annotate(count=Count("pk"), least=Min("serial"), greatest=Max("serial"))
    given = {row["stem"]: (row["count"], row["least"], row["greatest"]) for row in counts}
    for prefix, day, last in Serial.objects.filter(prefix=PREFIX).values_list("prefix", "day", "last"):
        count, least, greatest = given.pop(f"{prefix}{day:%Y%m%d}", (0, 1, 0))
        if (count, least, greatest) != (last, 1, last):
            yield f"{prefix} {day}: the serial stands at {last}, but there are {count} numbers, {least} to {greatest}"
    for stem, (count, _least, _greatest) in sorted(given.items()):
        yield f"{stem}: {count} numbers without a serial"
