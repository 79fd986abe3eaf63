"""Asking PostgreSQL in plain SQL."""

from typing import Any

from django.db import connection


def rows(sql: str, *parameters: Any, **named: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, named or parameters or None)
        return list(cursor.fetchall())


def value(sql: str) -> Any:
    return rows(sql)[0][0]
