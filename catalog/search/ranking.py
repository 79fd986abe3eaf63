"""The best first: of what words find, the best sellers are weighed one against the other, the rest follow.

Weighing costs a look at each row, and "water" may find hundreds of thousands. So only the first WEIGHED by
popularity are. Where more match than are counted, the index `product_popular` leads to them: mostly WEIGHED
of them are among the first WALKED. The planner, left to itself, expects far too little of words that go
together, and would read all of them.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, F, FloatField, Func, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from catalog.models import Product, ProductQuerySet
from catalog.search.matching import has_code, matching, parts, query_of
from catalog.search.spelling import Attempt, Reading

WEIGHED = 200
WALKED = 30_000  # most popular products, looked at one after the other before all that match are
COUNTED = 10_000  # as far as lists are counted
WEIGHTS = [0.05, 0.2, 0.6, 1.0]  # of D, C, B and A: see the package
SOLD_OUT = 0.4  # how much of its weight a product keeps that nobody can order now
DOUBLING = 0.06  # how much more each doubling of the units sold weighs

# `wide` costs nothing where `narrow` finds enough, and the popular ones nothing where all are counted.
_BEST = """
WITH narrow AS MATERIALIZED ({narrow}),
     wide AS MATERIALIZED (SELECT * FROM ({wide}) AS every WHERE (SELECT count(*) FROM narrow) < {enough}),
     hits AS (SELECT * FROM narrow WHERE (SELECT count(*) FROM narrow) >= {enough}
              UNION ALL SELECT * FROM wide),
     chosen AS (
       SELECT id FROM (SELECT id FROM hits WHERE (SELECT count(*) FROM hits) <= {counted}
                        ORDER BY popularity DESC, id DESC LIMIT {weighed}) AS few
        UNION ALL
       SELECT id FROM ({narrow_popular}) AS popular WHERE (SELECT count(*) FROM narrow) > {counted}
        UNION ALL
       SELECT id FROM ({wide_popular}) AS popular WHERE (SELECT count(*) FROM wide) > {counted})
SELECT ARRAY({best}), (SELECT count(*) FROM hits), (SELECT count(*) FROM narrow) >= {enough}
"""
# In place of the table: its first rows by popularity, as far as the index of active products knows them.
_TABLE = 'FROM "catalog_product" '
_FIRST = """FROM (SELECT * FROM "catalog_product" WHERE status = 'active'
                   ORDER BY popularity DESC, id DESC LIMIT {walked}) AS "catalog_product" """
_ACTIVE = '"catalog_product"."status" = '


class BestFirst(ProductQuerySet):
    """What was found, by weight and then by popularity; a slice costs no more than what it shows.

    Any other order ends this one.
    """

    best: Sequence[int] = ()
    number: int | None = None  # how many were found, no further than COUNTED + 1

    def order_by(self, *fields: Any) -> Self:
        ordered = super().order_by(*fields)
        ordered.best = ()
        return ordered

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.best, clone.number = self.best, self.number
        return clone

    def __getitem__(self, key: Any) -> Any:
        if not self.best or self.query.is_sliced or not isinstance(key, slice) or key.stop is None:
            return super().__getitem__(key)
        start, stop, weighed = key.start or 0, key.stop, len(self.best)
        shown = list(self.best[start:stop])
        if stop > weighed and self.number != weighed:
            rest = most_popular(self.order_by().exclude(pk__in=self.best)).values_list("pk", flat=True)
            shown += rest[max(0, start - weighed) : stop - weighed]
        page: Any = self.filter(pk__in=shown).order_by(_place_in(shown))
        return page if key.step is None else list(page)[:: key.step]


def best_first(products: ProductQuerySet, attempt: Attempt) -> tuple[BestFirst, Reading] | None:
    """What `attempt` finds of `products`, the best first, and how it was read; None where that is nothing.

    One statement, whatever is found; two where it is much, and hardly any of it popular.
    """
    narrow = matching(products, attempt.narrow)
    try:
        ids, number, is_narrow = _fetched(narrow, attempt)
    except EmptyResultSet:
        return None
    if not number:
        return None
    query = attempt.narrow if is_narrow else attempt.wide
    found = narrow if is_narrow else matching(products, query)
    keys = ids if number <= len(ids) else None
    ranked = BestFirst(model=Product, query=found.query.chain(), using=found.db)
    ranked = ranked.order_by(_place_in(ids), "-popularity", "-pk")
    ranked.best, ranked.number = ids, number
    return ranked, Reading(attempt.text, query, attempt.meant, keys)


def most_popular(products: ProductQuerySet) -> ProductQuerySet:
    return products.order_by("-popularity", "-pk")


def heaviest(products: ProductQuerySet, text: str) -> ProductQuerySet:
    """Few products by how well they answer `text`."""
    return products.order_by(_weight(text).desc(), "-pk")


def _hits(found: ProductQuerySet) -> QuerySet[Any, Any]:
    return found.order_by().values("id", "popularity")[: COUNTED + 1]


def _fetched(narrow: ProductQuerySet, attempt: Attempt) -> tuple[list[int], int, bool]:
    """The row of _BEST, by the most popular products where WEIGHED of what is found are among these."""
    popular, popular_with = most_popular(narrow).values("id")[:WEIGHED].query.sql_with_params()
    if _ACTIVE in popular:  # of others than active products the index says nothing
        first = popular.replace(_TABLE, _FIRST.format(walked=WALKED), 1)
        ids, number, is_narrow = _row(narrow, attempt, first, popular_with)
        if len(ids) == WEIGHED or number <= COUNTED:
            return ids, number, is_narrow
    return _row(narrow, attempt, popular, popular_with)


def _row(
    narrow: ProductQuerySet, attempt: Attempt, popular: str, popular_with: Sequence[Any]
) -> tuple[list[int], int, bool]:
    """`narrow` and `popular` give the SQL for `wide` too: it differs in the query alone."""
    chosen = Product.objects.filter(pk__in=RawSQL("SELECT id FROM chosen", []))
    hits, hits_with = _hits(narrow).query.sql_with_params()
    best, best_with = heaviest(chosen, attempt.text).values("id").query.sql_with_params()
    pieces = {"narrow": hits, "wide": hits, "narrow_popular": popular, "wide_popular": popular, "best": best}
    statement = _BEST.format(enough=attempt.enough, counted=COUNTED, weighed=WEIGHED, **pieces)
    widened = partial(_widened, attempt)
    parameters = [*hits_with, *widened(hits_with), *popular_with, *widened(popular_with), *best_with]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        ids, number, is_narrow = cursor.fetchone()
    return ids, number, is_narrow


def _widened(attempt: Attempt, parameters: Sequence[Any]) -> list[Any]:
    wider = dict(zip(parts(attempt.narrow), parts(attempt.wide or attempt.narrow), strict=True))
    return [wider.get(each, each) if isinstance(each, str) else each for each in parameters]


def _weight(text: str) -> Any:
    weights = Func(Value(WEIGHTS, ArrayField(FloatField())), template="%(expressions)s::real[]")
    match = Func(weights, F("search_vector"), query_of(text), function="ts_rank", output_field=FloatField())
    stocked = Case(When(stock__on_hand__gt=F("stock__reserved"), then=1.0), default=SOLD_OUT)
    code = Case(When(has_code(text), then=10.0), default=0.0, output_field=FloatField())
    return code + match * stocked * (1.0 + F("popularity") * DOUBLING)


def _place_in(ids: Sequence[int]) -> Func:
    """NULL, which comes last, for what is not among `ids`."""
    return Func(Value(list(ids), ArrayField(BigIntegerField())), F("pk"), function="array_position")
