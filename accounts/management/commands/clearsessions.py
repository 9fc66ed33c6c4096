"""Django's command, which is not installed with the rest of `django.contrib.sessions`: its table is not needed."""

from django.contrib.sessions.management.commands.clearsessions import Command

__all__ = ["Command"]
