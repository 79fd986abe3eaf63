"""Rows into a table by COPY, with a word on how far it is."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

BATCH = 5_000  # rows in one COPY: triggers that look at whole statements see this many


def copy(model: type[Model], rows: Iterable[Mapping[str, Any]], total: int) -> None:
    """Insert `rows`, each by column; a column that is not given takes the model's default.

    Everything the database itself does on INSERT happens: constraints, triggers, generated columns.
    """
    started = time.monotonic()
    done = 0
    for batch in _batches(rows):
        _copy_batch(model, batch)
        done += len(batch)
        _tell(model, done, total, time.monotonic() - started)
    sys.stderr.write("\n")


def _copy_batch(model: type[Model], batch: list[Mapping[str, Any]]) -> None:
    given = batch[0]
    defaults = {
        field.column: _prepared(
            field, timezone.now() if getattr(field, "auto_now", False) else field.get_default()
        )
        for field in model._meta.concrete_fields
        if field.column not in given and not _by_database(field)
    }
    columns = [*given, *defaults]
    rest = list(defaults.values())
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in batch:
            stream.write_row(
                [*(Jsonb(value) if isinstance(value, dict) else value for value in row.values()), *rest]
            )


def _by_database(field: Field) -> bool:
    return field.primary_key or field.generated or field.db_default is not NOT_PROVIDED


def _prepared(field: Field, value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else field.get_db_prep_save(value, connection)


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _tell(model: type[Model], done: int, total: int, seconds: float) -> None:
    rate = done / seconds if seconds else 0
    sys.stderr.write(f"\r  {model._meta.verbose_name_plural}: {done:,} of {total:,}, {rate:,.0f} a second ")
    sys.stderr.flush()
