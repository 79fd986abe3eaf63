"""New rows in one statement whose SQL is made once: for what thousands of requests a minute write."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import AutoField, BigIntegerField, Field, Model
from django.db.models.expressions import DatabaseDefault, RawSQL

from aqad.lib.postgres.base import preparing_cursor

_INSERT = """
INSERT INTO {table} ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)
"""
_encode = json.JSONEncoder(default=str).encode
_TOLD = "ARRAY (SELECT {column} FROM batch_{batch})"
_TOLD_OF_ONE = "(SELECT {column} FROM batch_{batch})"  # an array takes longer to read


@dataclass(frozen=True)
class _Column:
    """A field as it is written: `attribute` is where an instance has it, `value` gets it from there."""

    attribute: str
    name: str
    value: Callable[[Model], Any]
    is_drawn: bool

    @property
    def quoted(self) -> str:
        return connection.ops.quote_name(self.name)


@dataclass(frozen=True)
class _Shape:
    """What an INSERT of rows of one model looks like: which attributes the database fills."""

    model: type[Model]
    left: tuple[str, ...]
    unless_there: bool
    is_one: bool


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
    model, given = type(rows[0]), rows[0].__dict__
    left = tuple(
        column.attribute
        for column in _columns(model)
        if isinstance(value := given[column.attribute], DatabaseDefault)
        or (value is None and column.is_drawn)
    )
    batch = _Batch(_Shape(model, left, unless_there, is_one=len(rows) == 1), rows)
    if (kept_back := _kept_back.get()) is not None:
        kept_back.append(batch)
    else:
        _write([batch])


@contextmanager
def together() -> Iterator[None]:
    """Within it `insert` keeps rows back; at the end one statement writes them all, and tells of all.

    Rows that others name by their keys get them ahead (`next_key`, `draw_keys`). Nothing may be read back
    within, and an error within writes nothing.
    """
    batches: list[_Batch] = []
    outer = _kept_back.set(batches)
    try:
        yield
    finally:
        _kept_back.reset(outer)
    if batches:
        _write(batches)


def next_key(model: type[Model]) -> RawSQL:
    """A key for a new row, as an annotation of some row that is read anyway."""
    return RawSQL(_next(model), [], output_field=BigIntegerField())  # noqa: S611 - names of our own model


def draw_keys(model: type[Model], number: int) -> list[int]:
    """Keys for `number` new rows; without a statement for none."""
    if not number:
        return []
    with preparing_cursor() as cursor:
        cursor.execute(f"SELECT {_next(model)} FROM generate_series(1, %s)", [number])  # noqa: S608 - as above
        return [key for (key,) in cursor.fetchall()]


def _write(batches: Sequence[_Batch]) -> None:
    statement = _statement(*(batch.shape for batch in batches))
    with preparing_cursor() as cursor:
        cursor.execute(statement, [_json(batch) for batch in batches])
        told = iter(cursor.fetchone())
    for batch in batches:
        for column in _told(batch.shape):
            values = [next(told)] if batch.shape.is_one else next(told)
            for row, value in zip(batch.rows, values, strict=True):
                setattr(row, column.attribute, value)
        for row in batch.rows:
            row._state.adding = False  # noqa: SLF001 - as bulk_create does
            row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001


def _json(batch: _Batch) -> str:
    columns = _written(batch.shape)
    values = [{column.name: column.value(row) for column in columns} for row in batch.rows]
    return _encode(values)


@lru_cache(maxsize=64)
def _columns(model: type[Model]) -> tuple[_Column, ...]:
    return tuple(_column(field) for field in model._meta.concrete_fields if not field.generated)


def _column(field: Any) -> _Column:
    is_plain = type(field).pre_save is Field.pre_save
    value = attrgetter(field.attname) if is_plain else lambda row: field.pre_save(row, add=True)
    return _Column(field.attname, field.column, value, isinstance(field, AutoField))


@lru_cache(maxsize=64)
def _written(shape: _Shape) -> tuple[_Column, ...]:
    return tuple(column for column in _columns(shape.model) if column.attribute not in shape.left)


@lru_cache(maxsize=64)
def _told(shape: _Shape) -> tuple[_Column, ...]:
    if shape.unless_there:
        return ()
    return tuple(column for column in _columns(shape.model) if column.attribute in shape.left)


@lru_cache(maxsize=64)
def _statement(*shapes: _Shape) -> str:
    """All INSERTs, and one row with the values of each column that was left to the database."""
    inserts = [f"batch_{number} AS ({_insert(shape)})" for number, shape in enumerate(shapes)]
    told = [
        (_TOLD_OF_ONE if shape.is_one else _TOLD).format(column=column.quoted, batch=number)
        for number, shape in enumerate(shapes)
        for column in _told(shape)
    ]
    return f"WITH {', '.join(inserts)} SELECT {', '.join(told)}"


def _insert(shape: _Shape) -> str:
    table = connection.ops.quote_name(shape.model._meta.db_table)
    columns = ", ".join(column.quoted for column in _written(shape))
    statement = _INSERT.format(table=table, columns=columns)
    if shape.unless_there:
        return f"{statement} ON CONFLICT DO NOTHING"
    told = ", ".join(column.quoted for column in _told(shape))
    return f"{statement} RETURNING {told}" if told else statement


def _next(model: type[Model]) -> str:
    return f"nextval('{model._meta.db_table}_{model._meta.pk.column}_seq')"
