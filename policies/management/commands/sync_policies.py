"""Write the shipped matching rules, filing kinds and their fields as rows to edit. A table with rows is left alone."""

from typing import Any

from django.core.management.base import BaseCommand

from policies.services import write_shipped_rules


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for model, count in write_shipped_rules().items():
            self.stdout.write(f"{model._meta.label}: {f'{count} written' if count else 'kept'}")
