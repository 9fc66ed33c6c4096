"""Loaded once, before the processes of a race are forked: what each of them would otherwise load for itself."""

from django.urls import reverse

from tests.races import worker  # noqa: F401  (sets Django up)
from tests.races.mistakes import MISTAKES  # noqa: F401  (and with them the services)

reverse("leads:list")
