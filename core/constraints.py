"""Errors of the database, translated by what they mean."""

from django.db import IntegrityError, OperationalError, models

BUSY_STATES = {"55P03", "40P01"}  # PostgreSQL: lock not available, deadlock detected


def violates(error: IntegrityError, model: type[models.Model], constraint: str) -> bool:
    """Whether an error violates this unique constraint. SQLite names its columns instead of the constraint."""
    if diagnosis := getattr(error.__cause__, "diag", None):
        return bool(diagnosis.constraint_name == constraint)
    fields = next(found.fields for found in model._meta.constraints if found.name == constraint)  # type: ignore[attr-defined]
    columns = [f"{model._meta.db_table}.{model._meta.get_field(name).column}" for name in fields]  # type: ignore[union-attr]
    return str(error).endswith(": " + ", ".join(columns))


def is_busy(error: OperationalError) -> bool:
    """Whether a lock was waited for too long; the same action may go through a moment later."""
    return getattr(error.__cause__, "sqlstate", "") in BUSY_STATES or "database is locked" in str(error)
