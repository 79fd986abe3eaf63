"""Many rows changed by one UPDATE, its time in proportion to them.

Django's own `bulk_update` writes a CASE for each column, whose time grows with the square of the rows.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def update_rows(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the columns `names` of saved rows of one model. Signals are not sent."""
    if not rows:
        return
    meta = rows[0]._meta
    fields: list[Any] = [meta.pk, *(meta.get_field(name) for name in names)]
    quote = connection.ops.quote_name
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
    columns = ", ".join(quote(field.column) for field in fields)
    changes = ", ".join(
        f"{quote(field.column)} = given.{quote(field.column)}::{_type(field, cast=True)}"
        for field in fields[1:]
    )
    pk = quote(fields[0].column)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} AS kept SET {changes} "  # noqa: S608 - names of our own model
            f"FROM unnest({arrays}) AS given ({columns}) WHERE kept.{pk} = given.{pk}",
            values,
        )


def _type(field: Any, *, cast: bool = False) -> str:
    """Of the column. Texts travel without their length, so that one too long is refused and not cut."""
    kind = str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
    if kind == "tsvector":
        return kind if cast else "text"
    return "text" if kind.startswith("varchar") else kind
