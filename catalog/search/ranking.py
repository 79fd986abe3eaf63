"""The best first: of what words find, the best sellers are weighed one against the other, the rest follow.

Weighing costs a look at each row, and "water" may find hundreds of thousands. So only the first WEIGHED by
popularity are: the index `product_popular` leads to them where many match, the one of words where few do.
"""

from collections.abc import Sequence
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, F, FloatField, Func, Value, When
from django.db.models.expressions import Combinable

from catalog.models import Product, ProductQuerySet
from catalog.search.matching import has_code, query_of

WEIGHED = 300
WEIGHTS = [0.05, 0.2, 0.6, 1.0]  # of D, C, B and A: see the package
SOLD_OUT = 0.4  # how much of its weight a product keeps that nobody can order now
DOUBLING = 0.06  # how much more each doubling of the units sold weighs


class BestFirst(ProductQuerySet):
    """What was found, by weight and then by popularity; a slice costs no more than what it shows.

    Any other order ends this one.
    """

    best: Sequence[int] = ()
    is_whole = True  # nothing was found beyond `best`

    def order_by(self, *fields: Any) -> Self:
        ordered = super().order_by(*fields)
        ordered.best, ordered.is_whole = (), True
        return ordered

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.best, clone.is_whole = self.best, self.is_whole
        return clone

    def __getitem__(self, key: Any) -> Any:
        if not self.best or self.query.is_sliced or not isinstance(key, slice) or key.stop is None:
            return super().__getitem__(key)
        start, stop, weighed = key.start or 0, key.stop, len(self.best)
        shown = list(self.best[start:stop])
        if stop > weighed and not self.is_whole:
            rest = _popular(self.order_by().exclude(pk__in=self.best)).values_list("pk", flat=True)
            shown += rest[max(0, start - weighed) : stop - weighed]
        page: Any = self.filter(pk__in=shown).order_by(_place_in(shown))
        return page if key.step is None else list(page)[:: key.step]


def best_first(found: ProductQuerySet, text: str) -> ProductQuerySet:
    """`found` by `text`, the best first; two statements, of which this runs the first."""
    chosen = _popular(found).values("pk")[:WEIGHED]
    weighed = Product.objects.filter(pk__in=chosen).annotate(weight=_weight(text))
    best = list(weighed.order_by("-weight", "-pk").values_list("pk", flat=True))
    ranked = BestFirst(model=Product, query=found.query.chain(), using=found.db)
    if is_whole := len(best) < WEIGHED:
        ranked = ranked.filter(pk__in=best)
    ranked = ranked.order_by(_place_in(best), "-popularity", "-pk")
    ranked.best, ranked.is_whole = best, is_whole
    return ranked


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
