"""Record numbers such as KH201801160027: prefix, day of the site, serial of the day."""

from datetime import date, datetime

from django.db import connection

from core.clock import clock_column, settled
from core.models import Serial


def next_numbers(prefix: str, day: date, count: int = 1) -> tuple[list[str], datetime]:
    """The next `count` numbers of a day, in order, and the moment they were given.

    Call it as the last lock of the transaction, since it locks the day's row. One upsert: a transaction that rolls back
    gives its numbers back, so there are neither gaps nor doubles (guarantees 1). The serial has four digits and grows
    when they are full (LEAD-5).
    """
    table = connection.ops.quote_name(Serial._meta.db_table)
    sql = (
        f"INSERT INTO {table} (prefix, day, last) VALUES (%s, %s, %s) "  # noqa: S608  (the table's own name)
        f"ON CONFLICT (prefix, day) DO UPDATE SET last = {table}.last + excluded.last RETURNING last, {clock_column()}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [prefix, day, count])
        last, moment = cursor.fetchone()
    return [f"{prefix}{day:%Y%m%d}{serial:04d}" for serial in range(last - count + 1, last + 1)], settled(moment)
