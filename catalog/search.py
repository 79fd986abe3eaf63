"""Finding products by words, in English and Arabic, forgiving a typo and any order of the words.

Texts and queries are brought to one form: no case, accents, tashkeel or tatweel, one alef, one yeh, Latin
digits, letters apart from digits. `Product.search_vector` holds the words of name (weight A), brand, SKU and
barcode (B) and description (C), and for the words of names and brands also what is left when one letter is
dropped, marked with `~`: two words one slip apart (a letter wrong, missing, too many, or two swapped) have
such a rest in common.
`Product.search_text` holds names, brand and SKU for trigrams, which find words written together or apart.

A query is first taken as it is, each word as a beginning. Only if nothing is spelled so, slips are forgiven.
Both steps are answered by the GIN indexes `product_search` and `product_search_typo`.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.contrib.postgres.search import SearchQueryField, TrigramWordSimilarity
from django.db.models import BooleanField, F, FloatField, Func, Q, Value
from django.db.models.expressions import Combinable

from catalog.models import Product, ProductQuerySet

MAX_WORDS = 10
MAX_WORD = 40  # letters; a lexeme of PostgreSQL holds 2 KB
MAX_POSITION = 16383  # PostgreSQL keeps no further ones
FORGIVEN_FROM = 4  # letters a word needs for a slip to be forgiven

_LETTERS = str.maketrans(
    {
        "ة": "ه", "ى": "ي", "ٱ": "ا", "ی": "ي", "ې": "ي", "ک": "ك", "گ": "ك", "ھ": "ه", "ہ": "ه",
        "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "ء": None, "ـ": None, "'": None, "’": None,
    }
)  # fmt: skip
_WORD = re.compile(r"[0-9]+|[^\W0-9_]+")
_ARTICLE = re.compile(r"^ال(?=\w{3})")


def words(text: str) -> list[str]:
    """The words of `text` in the one form that is searched."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(_letter(char) for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))
    found: list[str] = _WORD.findall(letters.translate(_LETTERS))
    return [_ARTICLE.sub("", word, count=1)[:MAX_WORD] for word in found]


def index(product: Product) -> None:
    """Set what `product` is found by; the caller saves `search_text` and `search_vector`.

    Call it whenever a name, the description, SKU, barcode or brand changed.
    """
    brand = product.brand
    names, brands = words(f"{product.name} {product.name_ar}"), words(f"{brand.name} {brand.name_ar}")
    sku = words(product.sku)
    codes = [*sku, *words("".join(sku)), *words(product.barcode)]
    described = words(f"{product.description} {product.description_ar}")
    product.search_text = " ".join([*names, *brands, *sku])
    product.search_vector = _vector(
        [(names, "A"), ([*brands, *codes], "B"), (described, "C"), (sorted(_rests([*names, *brands])), "D")]
    )


def matching(products: ProductQuerySet, query: str) -> ProductQuerySet:
    """Those of `products` that `query` finds, with a `relevance`; no words find nothing."""
    wanted = words(query)[:MAX_WORDS]
    if not wanted:
        return products.none().annotate(relevance=Value(0.0))
    literal, forgiving = _query(wanted, forgive=False), _query(wanted, forgive=True)
    exact = products.filter(_found_by(literal))
    if exact.exists():
        return exact.annotate(relevance=_relevance(literal, wanted))
    near = products.filter(_found_by(forgiving) | Q(search_text__trigram_word_similar=" ".join(wanted)))
    return near.annotate(relevance=_relevance(forgiving, wanted))


def _letter(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdigit() else char


def _rests(of: Iterable[str]) -> set[str]:
    return {f"~{rest}" for word in of if _forgivable(word) for rest in (word, *_one_letter_less(word))}


def _forgivable(word: str) -> bool:
    return len(word) >= FORGIVEN_FROM and not word.isdigit()


def _one_letter_less(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _vector(weighed: Iterable[tuple[list[str], str]]) -> str:
    """The text form of a tsvector: words with their positions and weights."""
    places: dict[str, list[str]] = {}
    position = 0
    for group, weight in weighed:
        for word in group:
            position = min(position + 1, MAX_POSITION)
            places.setdefault(word, []).append(f"{position}{weight}")
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


def _query(wanted: list[str], *, forgive: bool) -> str:
    """The text form of a tsquery: all words, each in one of its forms. Words hold letters and digits only."""
    return " & ".join(f"({' | '.join(_forms(word, forgive=forgive))})" for word in wanted)


def _forms(word: str, *, forgive: bool) -> list[str]:
    forms = [f"'{word}':*" if len(word) > 1 else f"'{word}'"]
    if forgive and _forgivable(word):
        forms += [f"'{rest}'" for rest in sorted(_rests([word]))]
    return forms


def _found_by(query: str) -> Func:
    return Func(
        F("search_vector"),
        Value(query),
        template="%(expressions)s::tsquery",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def _relevance(query: str, wanted: list[str]) -> Combinable:
    rank = Func(
        F("search_vector"),
        Func(Value(query), template="%(expressions)s::tsquery", output_field=SearchQueryField()),
        function="ts_rank",
        output_field=FloatField(),
    )
    return rank + TrigramWordSimilarity(" ".join(wanted), "search_text")
