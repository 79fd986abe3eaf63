"""New rows in one statement whose SQL is made once: for what thousands of requests a minute write."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model
from django.db.models.expressions import DatabaseDefault

from aqad.lib.postgres.base import preparing_cursor

_INSERT = """
INSERT INTO {table} ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)
"""
_TOLD = "ARRAY (SELECT {column} FROM batch_{batch})"
_DRAW = "ARRAY (SELECT nextval('{table}_{key}_seq') FROM generate_series(1, %s))"


@dataclass(frozen=True)
class _Shape:
    """What an INSERT of rows of one model looks like: which columns the database fills, and tells."""

    model: type[Model]
    left: tuple[str, ...]
    unless_there: bool


@dataclass(frozen=True)
class _Batch:
    shape: _Shape
    rows: Sequence[Model]


_kept_back: ContextVar[list[_Batch] | None] = ContextVar("batches to be written together", default=None)


def insert(rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Insert new instances of one model, in their order, and give them their keys and database defaults.

    As `bulk_create`, in a fifth of its time. All must leave the same columns to the database. With
    `unless_there` rows that a unique constraint knows already are left out, and nothing is told of any.
    """
    if not rows:
        return
    model = type(rows[0])
    left = tuple(field.attname for field in _fields(model) if _is_left_to_database(field, rows[0]))
    batch = _Batch(_Shape(model, left, unless_there), rows)
    if (kept_back := _kept_back.get()) is not None:
        kept_back.append(batch)
    else:
        _write([batch])


@contextmanager
def together() -> Iterator[None]:
    """Within it `insert` keeps rows back; at the end one statement writes them all, and tells of all.

    Rows that others name by their keys get them ahead from `draw_keys`. Nothing may be read back within,
    and an error within writes nothing.
    """
    batches: list[_Batch] = []
    outer = _kept_back.set(batches)
    try:
        yield
    finally:
        _kept_back.reset(outer)
    if batches:
        _write(batches)


def draw_keys(*wanted: tuple[type[Model], int]) -> list[list[int]]:
    """The next keys of several models, in one statement: `draw_keys((Checkout, 1), (Order, 3))`."""
    with preparing_cursor() as cursor:
        cursor.execute(_draw(*(model for model, _number in wanted)), [number for _model, number in wanted])
        return list(cursor.fetchone())


def _write(batches: Sequence[_Batch]) -> None:
    with preparing_cursor() as cursor:
        cursor.execute(_statement(*(batch.shape for batch in batches)), [_json(batch) for batch in batches])
        told = iter(cursor.fetchone())
    for batch in batches:
        for name in _told(batch.shape):
            for row, value in zip(batch.rows, next(told), strict=True):
                setattr(row, name, value)
        for row in batch.rows:
            row._state.adding = False  # noqa: SLF001 - as bulk_create does
            row._state.db = connection.alias  # noqa: SLF001


def _json(batch: _Batch) -> str:
    written = [field for field in _fields(batch.shape.model) if field.attname not in batch.shape.left]
    values = [{field.column: field.pre_save(row, True) for field in written} for row in batch.rows]  # noqa: FBT003
    return json.dumps(values, default=str)


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


def _is_left_to_database(field: Any, row: Model) -> bool:
    value = getattr(row, field.attname)
    return isinstance(value, DatabaseDefault) or (value is None and isinstance(field, AutoField))


def _told(shape: _Shape) -> tuple[str, ...]:
    return () if shape.unless_there else shape.left


@lru_cache(maxsize=64)
def _statement(*shapes: _Shape) -> str:
    """All INSERTs, and one row with an array for each column that was left to the database."""
    inserts = [f"batch_{number} AS ({_insert(shape)})" for number, shape in enumerate(shapes)]
    arrays = [
        _TOLD.format(column=column, batch=number)
        for number, shape in enumerate(shapes)
        for column in _columns(shape.model, _told(shape))
    ]
    return f"WITH {', '.join(inserts)} SELECT {', '.join(arrays)}"


def _insert(shape: _Shape) -> str:
    model = shape.model
    written = [field.attname for field in _fields(model) if field.attname not in shape.left]
    statement = _INSERT.format(
        table=connection.ops.quote_name(model._meta.db_table), columns=", ".join(_columns(model, written))
    )
    if shape.unless_there:
        return f"{statement} ON CONFLICT DO NOTHING"
    told = ", ".join(_columns(model, shape.left))
    return f"{statement} RETURNING {told}" if told else statement


def _columns(model: type[Model], names: Sequence[str]) -> list[str]:
    columns = {field.attname: connection.ops.quote_name(field.column) for field in _fields(model)}
    return [columns[name] for name in names]


@lru_cache(maxsize=64)
def _draw(*models: type[Model]) -> str:
    drawn = [_DRAW.format(table=model._meta.db_table, key=model._meta.pk.column) for model in models]
    return f"SELECT {', '.join(drawn)}"
