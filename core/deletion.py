"""Rows that other rows name where no foreign key says so, and that the admin keeps for that reason."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

Namers = Callable[[Model], Iterable[str]]
_namers: list[Namers] = []


def register_namers(find: Namers) -> None:
    """`find` says what names a row, in words; nothing, where the row may go."""
    _namers.append(find)


class KeptWhileNamed(admin.ModelAdmin):
    """Says what names the rows that are to be deleted, and deletes none of them."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        named = [said for row in objs for find in _namers for said in find(row)]
        return deleted, counts, missing, [*protected, *dict.fromkeys(named)]
