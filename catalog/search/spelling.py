"""What was meant where nothing is spelled so."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from django.db import connection

from catalog.models import ProductQuerySet
from catalog.search.matching import matching, readable

FORGIVEN_FROM = 4  # letters a word needs for a slip to be forgiven
TRIED = 8  # spellings

# A word is known where one begins so. For the others: what is one slip away (a letter wrong, missing, too
# many, two swapped: the words have a rest in common), two words written together, and what is much alike.
_NEAR = """
SELECT asked.word,
       asked.word ~ '[0-9]' OR EXISTS (
           SELECT FROM catalog_searchword AS known
            WHERE known.word LIKE asked.word || '%%' OR known.word LIKE catalog_bare(asked.word) || '%%'),
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
            LIMIT 2)
  FROM unnest(catalog_asked(%(text)s)) WITH ORDINALITY AS asked (word, place)
 ORDER BY asked.place
"""


@dataclass(frozen=True)
class Reading:
    """A query as it is understood: the text to search by, and `meant` where that is not the one typed."""

    text: str
    meant: str = ""


def read(products: ProductQuerySet, text: str) -> Reading:
    """How `text` is to be read, so that it finds any of `products`. One statement where it is."""
    if not text.strip() or matching(products, text).exists():
        return Reading(text)
    for spelling in islice(_spellings(text), TRIED):
        if matching(products, spelling).exists():
            return Reading(spelling, meant=spelling)
    return Reading(text)


def _spellings(text: str) -> Iterator[str]:
    """The likeliest first; none where a word is unlike any that is known, or all of them are known."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"text": readable(text), "forgiven_from": FORGIVEN_FROM})
        rows = cursor.fetchall()
    choices = [[word] if is_known else near for word, is_known, near in rows]
    if all(is_known for _word, is_known, _near in rows):
        return
    for words in product(*choices):
        yield " ".join(words)
