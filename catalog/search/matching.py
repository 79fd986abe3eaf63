"""What words find, as a condition that the database answers from its index."""

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.expressions import Combinable

from catalog.models import ProductQuerySet

MAX_TEXT = 200  # characters of a query that count


def matching(products: ProductQuerySet, text: str) -> ProductQuerySet:
    """Those of `products` that have every word of `text`; no words find nothing."""
    return products.filter(_matches(query_of(text)))


def query_of(text: str) -> Func:
    return Func(Value(readable(text)), function="catalog_query", output_field=SearchQueryField())


def has_code(text: str) -> Func:
    """Whether SKU or barcode are `text`, however its parts and leading zeros are written."""
    code = Func(Value(readable(text)), function="catalog_code", output_field=TextField())
    marked = Func(
        code, template="('''=' || %(expressions)s || '''')::tsquery", output_field=SearchQueryField()
    )
    return _matches(marked)


def readable(text: str) -> str:
    """`text` without what PostgreSQL cannot hold."""
    return text[:MAX_TEXT].replace("\0", " ").encode("utf-8", "ignore").decode()


def _matches(query: Combinable) -> Func:
    return Func(
        F("search_vector"),
        query,
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )
