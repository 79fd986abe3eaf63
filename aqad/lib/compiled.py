"""What runs thousands of times a minute: a queryset's SQL is made once, then only its keys change.

Building SQL takes the ORM up to a millisecond and a half, several times what PostgreSQL needs to answer.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from psycopg.sql import Literal

from aqad.lib.postgres.base import preparing_cursor

M = TypeVar("M", bound=Model)
S = TypeVar("S")

_SLOTS = range(2_147_000_000, 2_147_100_000)  # whole numbers of 32 bits that no query of ours names itself


class Compiled(Generic[M]):
    """A queryset as a function of keys: whole numbers and UUIDs.

    `build(*keys)` makes the queryset; it is called once for each thread and number of keys, with whole
    numbers that stand in for the keys (`UUID(int=key)` stands in for one that is a UUID). It must not depend
    on anything else that changes. Rows come as instances, with `select_related` and annotations; there is no
    prefetching. `lock` is a locking clause that the ORM cannot say (`FOR KEY SHARE OF catalog_product`).
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *, lock: str = "") -> None:
        self._made = _PerThread(lambda *keys: _Read(build(*keys), lock))

    def __call__(self, *keys: int | UUID) -> list[M]:
        return list(self._made.of(len(keys)).run(keys))


class CompiledUpdate:
    """`build(*keys).update(**values)`, otherwise as Compiled; returns how many rows were changed."""

    def __init__(self, build: Callable[..., QuerySet[Any]], **values: Any) -> None:
        self._made = _PerThread(lambda *keys: _Update(build(*keys), values))

    def __call__(self, *keys: int | UUID) -> int:
        return self._made.of(len(keys)).run(keys)


class _PerThread(Generic[S]):
    """Statements by their number of keys, made by each thread: a compiler belongs to its connection."""

    def __init__(self, make: Callable[..., S]) -> None:
        self._make = make
        self._made = threading.local()

    def of(self, number: int) -> S:
        statements: dict[str, S] = self._made.__dict__
        if str(number) not in statements:
            statements[str(number)] = self._make(*_SLOTS[:number])
        return statements[str(number)]


class _Update:
    def __init__(self, rows: QuerySet[Any], values: dict[str, Any]) -> None:
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(values)
        self._text = _Text(*query.get_compiler(DEFAULT_DB_ALIAS).as_sql())

    def run(self, keys: tuple[int | UUID, ...]) -> int:
        with preparing_cursor() as cursor:
            self._text.execute(cursor, keys)
            return int(cursor.rowcount)


class _Read:
    """One queryset's SQL, and how Django makes instances of its rows (as its ModelIterable does)."""

    def __init__(self, rows: QuerySet[Any], lock: str) -> None:
        self._compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = self._compiler.as_sql()
        self._text = _Text(f"{sql} {lock}".rstrip(), parameters)
        select, found = self._compiler.select, self._compiler.klass_info
        self._model = found["model"]
        self._from, self._to = found["select_fields"][0], found["select_fields"][-1] + 1
        self._names = [column[0].target.attname for column in select[self._from : self._to]]
        self._populators = get_related_populators(found, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._annotations = tuple((self._compiler.annotation_col_map or {}).items())
        self._converters = self._compiler.get_converters([column[0] for column in select])

    def run(self, keys: tuple[int | UUID, ...]) -> Iterator[Any]:
        with preparing_cursor() as cursor:
            self._text.execute(cursor, keys)
            rows = cursor.fetchall()
        for row in self._compiler.apply_converters(rows, self._converters):
            instance = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._from : self._to])
            for populator in self._populators:
                populator.populate(row, instance)
            for name, position in self._annotations:
                setattr(instance, name, row[position])
            yield instance


class _Text:
    """SQL whose only parameters are keys.

    All else stands in the text: a plan that PostgreSQL keeps for every value may then use an index that is
    made for just this one (`WHERE status = 'pending_payment'`).
    """

    def __init__(self, sql: str, parameters: Sequence[Any]) -> None:
        first, *rest = sql.split("%s")
        self._positions: list[int] = []
        pieces = [first]
        for value, piece in zip(parameters, rest, strict=True):
            position = _slot(value)
            if position is not None:
                self._positions.append(position)
            pieces += ["%s" if position is not None else _literal(value), piece]
        self._sql = "".join(pieces)

    def execute(self, cursor: Any, keys: tuple[int | UUID, ...]) -> None:
        cursor.execute(self._sql, [keys[position] for position in self._positions])


def _literal(value: Any) -> str:
    return Literal(value).as_string().replace("%", "%%")


def _slot(value: Any) -> int | None:
    """Which key a parameter stands in for, if for any."""
    number = value.int if isinstance(value, UUID) else value
    return _SLOTS.index(number) if isinstance(number, int) and number in _SLOTS else None
