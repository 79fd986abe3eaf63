"""New rows in one statement whose SQL is made once: for what thousands of requests a minute write."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model
from django.db.models.expressions import DatabaseDefault

from aqad.lib.postgres.base import preparing_cursor

_STATEMENT = """
INSERT INTO {table} ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)
RETURNING {returned}
"""


def insert(rows: Sequence[Model]) -> None:
    """Insert new instances of one model, in their order, and give them their keys and database defaults.

    As `bulk_create`, in a fifth of its time. All must leave the same columns to the database.
    """
    if not rows:
        return
    model = type(rows[0])
    left = tuple(field.attname for field in _fields(model) if _is_left_to_database(field, rows[0]))
    written = [field for field in _fields(model) if field.attname not in left]
    values = [{field.column: field.pre_save(row, True) for field in written} for row in rows]  # noqa: FBT003
    with preparing_cursor() as cursor:
        cursor.execute(_statement(model, left), [json.dumps(values, default=str)])
        found = cursor.fetchall()
    for row, returned in zip(rows, found, strict=True):
        for name, value in zip(left, returned, strict=True):
            setattr(row, name, value)
        row._state.adding = False  # noqa: SLF001 - as bulk_create does
        row._state.db = connection.alias  # noqa: SLF001


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


def _is_left_to_database(field: Any, row: Model) -> bool:
    value = getattr(row, field.attname)
    return isinstance(value, DatabaseDefault) or (value is None and isinstance(field, AutoField))


@lru_cache(maxsize=64)
def _statement(model: type[Model], left: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    columns = {field.attname: quote(field.column) for field in _fields(model)}
    return _STATEMENT.format(
        table=quote(model._meta.db_table),
        columns=", ".join(column for name, column in columns.items() if name not in left),
        returned=", ".join(columns[name] for name in left),
    )
