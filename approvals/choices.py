"""The states of a request."""

from django.db import models
from django.utils.translation import pgettext_lazy


class RequestState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("request", "waits for a decision")
    GRANTED = "granted", pgettext_lazy("request", "granted")
    REFUSED = "refused", pgettext_lazy("request", "refused")
    RETURNED = "returned", pgettext_lazy("request", "returned to be corrected")
    LAPSED = "lapsed", pgettext_lazy("request", "has lapsed")


class Decision(models.TextChoices):
    GRANT = "grant", pgettext_lazy("request", "Grant")
    REFUSE = "refuse", pgettext_lazy("request", "Refuse")
    RETURN = "return", pgettext_lazy("request", "Return")
