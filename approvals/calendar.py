"""Working days of the Chinese calendar, with its holidays and make-up days (APPR-3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Monday to Friday are worked but for `exceptions`: True for a day that makes up for one, False for one off."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def next_working(self, day: date) -> date:
        """The day itself where it is worked, else the first one after it that is."""
        while not self.works(day):
            day += DAY
        return day

    def add_working(self, day: date, count: int) -> date:
        """The `count`-th working day after a day, which does not count itself."""
        for _each in range(count):
            day = self.next_working(day + DAY)
        return day
