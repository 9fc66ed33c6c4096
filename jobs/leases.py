"""Who may run something that only one process runs at a time. Whoever dies loses it when the lease ends."""

import os
import secrets
import socket
from datetime import timedelta

from django.db.models import Q

from core.clock import database_now
from jobs.models import TickLease

LENGTH = timedelta(seconds=60)


class Lease:
    """A lease by name, for this process and moment. The clock is the database's, so that all hosts agree on it."""

    def __init__(self, name: str) -> None:
        self.rows = TickLease.objects.filter(name=name)
        self.name = name
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"

    def take(self) -> bool:
        """Take it if nobody has it or it has run out: by compare-and-set."""
        TickLease.objects.get_or_create(name=self.name)
        at = database_now()
        free = self.rows.filter(Q(until=None) | Q(until__lte=at))
        return bool(free.update(holder=self.holder, until=at + LENGTH))

    def renew(self) -> bool:
        """Have it for its full length again; False where it ran out and somebody else has it."""
        return bool(self.rows.filter(holder=self.holder).update(until=database_now() + LENGTH))

    def give_back(self) -> None:
        self.rows.filter(holder=self.holder).update(until=None, ran_at=database_now())
