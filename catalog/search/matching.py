"""What a query finds, as a condition that the database answers from its index."""

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.expressions import Combinable

from catalog.models import ProductQuerySet

MAX_TEXT = 200  # characters of a query that count


def matching(products: ProductQuerySet, query: str) -> ProductQuerySet:
    """Those of `products` that `query` finds, which is PostgreSQL's text of a tsquery; "" finds nothing."""
    return products.filter(*(matches(_constant(part)) for part in parts(query))) if query else products.none()


def parts(query: str) -> list[str]:
    """`query` word by word: the forms of each word, or the whole as a code.

    Together they find what `query` finds. Asked for one by one, they cost the index half: it passes from one
    word to the next without weighing all of them anew for each product that has the rarest.
    """
    words, _or, code = query.rpartition(" | '=")
    return [f"{word} | '={code}" for word in words.split(" & ")]


def _constant(query: str) -> Func:
    """`query`, which the database wrote itself, as a constant that other statements can be planned by."""
    return Func(Value(query), template="%(expressions)s::tsquery", output_field=SearchQueryField())


def query_of(text: str) -> Func:
    """What `text` asks for at its widest: every word as it is or as a beginning."""
    return Func(Value(readable(text)), function="catalog_query", output_field=SearchQueryField())


def has_code(text: str) -> Func:
    """Whether SKU or barcode are `text`, however its parts and leading zeros are written."""
    code = Func(Value(readable(text)), function="catalog_code", output_field=TextField())
    marked = Func(
        code, template="('''=' || %(expressions)s || '''')::tsquery", output_field=SearchQueryField()
    )
    return matches(marked)


def matches(query: Combinable) -> Func:
    return Func(
        F("search_vector"),
        query,
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def readable(text: str) -> str:
    """`text` without what PostgreSQL cannot hold."""
    return text[:MAX_TEXT].replace("\0", " ").encode("utf-8", "ignore").decode()
