"""The best first: of what words find, the best sellers are weighed one against the other, the rest follow.

Weighing costs a look at each row, and "water" may find hundreds of thousands. So only the first WEIGHED by
popularity are. Where more match than are counted, the index `product_popular` leads to them.
"""

from collections.abc import Sequence
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connections
from django.db.models import BigIntegerField, Case, F, FloatField, Func, IntegerField, Value, When
from django.db.models.expressions import Combinable, RawSQL

from catalog.models import Product, ProductQuerySet
from catalog.search.matching import has_code, query_of

WEIGHED = 200
COUNTED = 10_000  # as far as lists are counted
WEIGHTS = [0.05, 0.2, 0.6, 1.0]  # of D, C, B and A: see the package
SOLD_OUT = 0.4  # how much of its weight a product keeps that nobody can order now
_CHOSEN = "SELECT pk FROM hits ORDER BY popularity DESC, pk DESC LIMIT %s"
DOUBLING = 0.06  # how much more each doubling of the units sold weighs


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
            rest = _popular(self.order_by().exclude(pk__in=self.best)).values_list("pk", flat=True)
            shown += rest[max(0, start - weighed) : stop - weighed]
        page: Any = self.filter(pk__in=shown).order_by(_place_in(shown))
        return page if key.step is None else list(page)[:: key.step]


def best_first(found: ProductQuerySet, text: str) -> ProductQuerySet:
    """`found` by `text`, the best first; counted, unless there are more than COUNTED."""
    best, number = _weighed(found, text)
    if number > COUNTED:
        chosen = _popular(found).values("pk")[:WEIGHED]
        weighed = Product.objects.filter(pk__in=chosen).annotate(weight=_weight(text))
        best = list(weighed.order_by("-weight", "-pk").values_list("pk", flat=True))
    ranked = BestFirst(model=Product, query=found.query.chain(), using=found.db)
    ranked = ranked.order_by(_place_in(best), "-popularity", "-pk")
    ranked.best, ranked.number = best, number
    return ranked


def _weighed(found: ProductQuerySet, text: str) -> tuple[list[int], int]:
    """The best of `found` in their order, and how many there are; a number beyond COUNTED says just that."""
    hits = found.order_by().values("pk", "popularity")[: COUNTED + 1]
    chosen = Product.objects.filter(
        pk__in=RawSQL(_CHOSEN, [WEIGHED])  # noqa: S611 - no text of anybody's
    ).annotate(weight=_weight(text), number=RawSQL("SELECT count(*) FROM hits", [], IntegerField()))
    rows = chosen.order_by("-weight", "-pk").values_list("pk", "number")
    hits_sql, hits_parameters = hits.query.sql_with_params()
    sql, parameters = rows.query.sql_with_params()
    with connections[found.db].cursor() as cursor:
        cursor.execute(f"WITH hits AS MATERIALIZED ({hits_sql}) {sql}", [*hits_parameters, *parameters])
        answer = cursor.fetchall()
    return [row[0] for row in answer], answer[0][1] if answer else 0


def _popular(products: ProductQuerySet) -> ProductQuerySet:
    return products.order_by("-popularity", "-pk")


def _weight(text: str) -> Combinable:
    weights = Func(Value(WEIGHTS, ArrayField(FloatField())), template="%(expressions)s::real[]")
    match = Func(weights, F("search_vector"), query_of(text), function="ts_rank", output_field=FloatField())
    stocked = Case(When(stock__on_hand__gt=F("stock__reserved"), then=1.0), default=SOLD_OUT)
    code = Case(When(has_code(text), then=10.0), default=0.0, output_field=FloatField())
    return code + match * stocked * (1.0 + F("popularity") * DOUBLING)


def _place_in(ids: Sequence[int]) -> Func:
    """NULL, which comes last, for what is not among `ids`."""
    return Func(Value(list(ids), ArrayField(BigIntegerField())), F("pk"), function="array_position")
