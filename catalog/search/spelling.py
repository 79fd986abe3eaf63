"""How a query may be read: its words as they are, as beginnings, or as what was meant by them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from catalog.models import ProductQuerySet
from catalog.search.matching import matching, readable

ENOUGH = 20  # finds with the words as they are, from which beginnings of words add nothing but noise
FEW = 1000  # finds that are kept by their keys
FORGIVEN_FROM = 4  # letters a word needs for a slip to be forgiven
TRIED = 8  # spellings

# A word is known where one begins so, or where it is too short to be learnt. For the others: what is one slip
# away (a letter wrong, missing, too many, two swapped: the words have a rest in common), two words written
# together, and what is much alike.
_UNDERSTOOD = """
SELECT coalesce(catalog_narrow(%(text)s)::text, ''), coalesce(catalog_query(%(text)s)::text, ''), ARRAY(
    SELECT json_build_array(asked.word, asked.known, CASE WHEN NOT asked.known THEN to_json(
       ARRAY(
           SELECT known.word FROM catalog_searchword AS known
            WHERE length(asked.word) >= %(forgiven_from)s
              AND (catalog_rests(known.word) && catalog_rests(asked.word)
                   OR catalog_rests(known.word) && catalog_rests(catalog_bare(asked.word)))
            ORDER BY left(known.word, 1) = left(asked.word, 1) DESC,
                     similarity(known.word, asked.word) DESC, known.uses DESC, known.word
            LIMIT 3)
       || ARRAY(
           SELECT left(asked.word, at) || ' ' || substr(asked.word, at + 1)
             FROM generate_series(2, length(asked.word) - 2) AS at
            WHERE EXISTS (SELECT FROM catalog_searchword WHERE word = left(asked.word, at))
              AND EXISTS (SELECT FROM catalog_searchword WHERE word = substr(asked.word, at + 1))
            LIMIT 2)
       || ARRAY(
           SELECT known.word FROM catalog_searchword AS known
            WHERE length(asked.word) >= %(forgiven_from)s
              AND known.word %% asked.word AND similarity(known.word, asked.word) > 0.4
            ORDER BY similarity(known.word, asked.word) DESC, known.uses DESC, known.word
            LIMIT 2)) END)
      FROM (SELECT word, place, word ~ '[0-9]' OR length(word) < 3 OR EXISTS (
                       SELECT FROM catalog_searchword AS known
                        WHERE known.word ~>=~ asked.word AND known.word ~<~ (asked.word || chr(1114111))
                           OR known.word ~>=~ catalog_bare(asked.word)
                              AND known.word ~<~ (catalog_bare(asked.word) || chr(1114111))) AS known
              FROM unnest(catalog_asked(%(text)s)) WITH ORDINALITY AS asked (word, place)) AS asked
     ORDER BY asked.place)
"""
_QUERIES = """
SELECT spelling, coalesce(catalog_narrow(spelling)::text, ''), coalesce(catalog_query(spelling)::text, '')
  FROM unnest(%s::text[]) WITH ORDINALITY AS tried (spelling, place) ORDER BY place
"""
# Materialized: for the first of what is found nowhere, the planner would read the whole table.
_FOUND = """
WITH narrow AS MATERIALIZED ({narrow}), wide AS MATERIALIZED ({wide}),
     few AS MATERIALIZED (SELECT id FROM narrow LIMIT {few})
SELECT ARRAY(SELECT id FROM few),
       ARRAY(SELECT id FROM wide WHERE (SELECT count(*) FROM few) < {enough} LIMIT {few})
"""


@dataclass(frozen=True)
class Reading:
    """How a query is understood: the text that counts, and what finds it as PostgreSQL's text of a tsquery.

    `meant` is the text where that is not the one typed. `keys` are the products where they are FEW or less.
    """

    text: str
    query: str
    meant: str = ""
    keys: Sequence[int] | None = field(default=None, repr=False)

    def among(self, products: ProductQuerySet) -> ProductQuerySet:
        """Those of `products` that it finds, which must be among those it was made for."""
        return matching(products, self.query) if self.keys is None else products.filter(pk__in=self.keys)


@dataclass(frozen=True)
class Attempt:
    """A reading that may find something: by `narrow`, or by `wide` where that finds less than ENOUGH.

    Without `wide` it is `narrow` that counts, however little it finds.
    """

    text: str
    narrow: str
    wide: str = ""
    meant: str = ""

    @property
    def enough(self) -> int:
        """From how many finds on `narrow` counts alone."""
        return ENOUGH if self.wide else 0


def attempts(text: str) -> Iterator[Attempt]:
    """The ways to read `text`, the likeliest first: the first that finds anything is meant.

    A word like none that is known is taken for a slip before the others are taken for beginnings.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNDERSTOOD, {"text": readable(text), "forgiven_from": FORGIVEN_FROM})
        narrow, wide, words = cursor.fetchone()
    if not wide:
        return
    first = Attempt(text, narrow, wide)
    if all(is_known for _word, is_known, _near in words):
        yield first
        return
    yield replace(first, wide="")
    yield from _respelled([[word] if is_known else near for word, is_known, near in words])
    yield replace(first, narrow=wide, wide="")


def read(products: ProductQuerySet, text: str) -> Reading:
    """How `text` is to be read, so that it finds any of `products`."""
    for attempt in attempts(text):
        if reading := _tried(products, attempt):
            return reading
    return Reading(text, "")


def _respelled(choices: Sequence[Sequence[str]]) -> Iterator[Attempt]:
    spellings = [" ".join(words) for words in islice(product(*choices), TRIED)]
    if not spellings:
        return
    with connection.cursor() as cursor:
        cursor.execute(_QUERIES, [spellings])
        rows = cursor.fetchall()
    for spelling, narrow, wide in rows:
        yield Attempt(spelling, narrow, wide, meant=spelling)


def _tried(products: ProductQuerySet, attempt: Attempt) -> Reading | None:
    try:
        narrow, narrow_with = _sql(products, attempt.narrow)
        wide, wide_with = _sql(products, attempt.wide or attempt.narrow)
    except EmptyResultSet:
        return None
    statement = _FOUND.format(narrow=narrow, wide=wide, enough=attempt.enough, few=FEW + 1)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*narrow_with, *wide_with])
        as_they_are, as_beginnings = cursor.fetchone()
    is_enough = len(as_they_are) >= attempt.enough
    query, found = (attempt.narrow, as_they_are) if is_enough else (attempt.wide, as_beginnings)
    keys = found if len(found) <= FEW else None
    return Reading(attempt.text, query, attempt.meant, keys) if found else None


def _sql(products: ProductQuerySet, query: str) -> tuple[str, Sequence[Any]]:
    return matching(products, query).order_by().values("id").query.sql_with_params()
