"""What tests break, past every service: as a careless hand would, or a machine that fails."""

import platform
from dataclasses import replace
from typing import Any

from django.db import connection

from operations import pulse


def sql(statement: str, *parameters: Any, table: str = "") -> None:
    """Run it with the guards of `table` off."""
    with connection.cursor() as cursor:
        if table:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        if table:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def counter(product: Any, **changes: int) -> None:
    """Write the stock's counters without the ledger."""
    for column, value in changes.items():
        statement = f"UPDATE catalog_stock SET {column} = %s WHERE product_id = %s"
        sql(statement, value, product.pk, table="catalog_stock")


def process(kind: str, pid: int, **changes: Any) -> None:
    """A sign of life as a process of that kind leaves one."""
    told = replace(pulse.of_this_process(kind), pid=pid, host=platform.node(), **changes)
    pulse.beat(told)
