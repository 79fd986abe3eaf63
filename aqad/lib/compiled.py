"""Reads that run thousands of times a minute: a queryset's SQL is made once, then only its keys change.

Building SQL takes the ORM up to a millisecond and a half, several times what PostgreSQL needs to answer.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from aqad.lib.postgres.base import preparing_cursor

M = TypeVar("M", bound=Model)

_SLOTS = range(2_147_000_000, 2_147_100_000)  # whole numbers of 32 bits that no query of ours names itself
_Slot = tuple[bool, Any]  # the place of a key, or a value that stays


class Compiled(Generic[M]):
    """A queryset as a function of keys: whole numbers and UUIDs.

    `build(*keys)` makes the queryset; it is called once for each thread and number of keys, with whole
    numbers that stand in for the keys (`UUID(int=key)` stands in for one that is a UUID). It must not depend
    on anything else that changes. Rows come as instances, with `select_related` and annotations; there is no
    prefetching.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._made = threading.local()  # a compiler belongs to its thread's connection

    def __call__(self, *keys: int | UUID) -> list[M]:
        statements: dict[str, _Statement] = self._made.__dict__
        number = str(len(keys))
        if number not in statements:
            statements[number] = _Statement(self._build(*_SLOTS[: len(keys)]))
        return list(statements[number].run(keys))


class _Statement:
    """One queryset's SQL, and how Django makes instances of its rows (as its ModelIterable does)."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, parameters = self._compiler.as_sql()
        self._parameters = [_slot(each) for each in parameters]
        select, found = self._compiler.select, self._compiler.klass_info
        self._model = found["model"]
        self._from, self._to = found["select_fields"][0], found["select_fields"][-1] + 1
        self._names = [column[0].target.attname for column in select[self._from : self._to]]
        self._populators = get_related_populators(found, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._annotations = tuple((self._compiler.annotation_col_map or {}).items())
        self._converters = self._compiler.get_converters([column[0] for column in select])

    def run(self, keys: tuple[int | UUID, ...]) -> Iterator[Any]:
        values = [keys[each] if is_key else each for is_key, each in self._parameters]
        with preparing_cursor() as cursor:
            cursor.execute(self._sql, values)
            rows = cursor.fetchall()
        for row in self._compiler.apply_converters(rows, self._converters):
            instance = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._from : self._to])
            for populator in self._populators:
                populator.populate(row, instance)
            for name, position in self._annotations:
                setattr(instance, name, row[position])
            yield instance


def _slot(value: Any) -> _Slot:
    """Which key a parameter stands in for, if for any."""
    number = value.int if isinstance(value, UUID) else value
    if isinstance(number, int) and number in _SLOTS:
        return True, _SLOTS.index(number)
    return False, value
