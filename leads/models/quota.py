"""The daily count of filings."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class QuotaDay(models.Model):
    """What a person has used of a day's quota and what audits have added to it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quota_days")
    day = models.DateField()
    used = models.IntegerField(default=0)
    credit = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="quota_day_once"),
            models.CheckConstraint(name="quota_day_never_negative", condition=Q(used__gte=0, credit__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.used}/{self.credit}"
