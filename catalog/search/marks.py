"""Where the words of a query stand in a text, so that a page can show them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.db import connection

from catalog.search.matching import readable

Ranges = list[tuple[int, int]]  # [start, end) in characters, from the first to the last, never overlapping

_TOKEN = re.compile(r"\d+|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0640\u064b-\u065f\u0670'’])*")
_PLAIN = """
SELECT ARRAY(SELECT ARRAY[word, catalog_bare(word)] FROM unnest(catalog_asked(%s)) AS word),
       ARRAY(SELECT ARRAY[word, catalog_bare(word)]
               FROM unnest(%s::text[]) WITH ORDINALITY AS token (written, place),
                    array_to_string(catalog_words(written), '') AS word
              ORDER BY place)
"""

Forms = Sequence[str]  # of a word: as it is, and without the Arabic article


def marks(texts: Sequence[str], query: str) -> list[Ranges]:
    """For each of `texts` where the words of `query` stand in it: one statement, by its own rules."""
    tokens = [list(_TOKEN.finditer(text)) for text in texts]
    written = [token.group() for each in tokens for token in each]
    if not written:
        return [[] for _text in texts]
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [readable(query), written])
        asked, plain = cursor.fetchone()
    forms = iter(plain)
    return [_joined(_found(each, [next(forms) for _token in each], asked)) for each in tokens]


def _found(
    tokens: Sequence[re.Match[str]], forms: Sequence[Forms], asked: Sequence[Forms]
) -> Iterator[tuple[int, int]]:
    shown = {at for at, each in enumerate(forms) if any(_is_meant(each, wanted) for wanted in asked)}
    for at, (left, right) in enumerate(pairwise(forms)):
        if any(_is_written_together(left[0], right[0], wanted[0]) for wanted in asked):
            shown |= {at, at + 1}
    for at in sorted(shown):
        yield tokens[at].span()


def _is_written_together(left: str, right: str, asked: str) -> bool:
    return len(asked) > len(left) > 0 and asked.startswith(left) and (left + right).startswith(asked)


def _is_meant(forms: Forms, wanted: Forms) -> bool:
    word, asked = forms[0], wanted[0]
    if len(asked) == 1:
        return word == asked
    singular = asked.removesuffix("s"), asked.removesuffix("es")
    return any(form.startswith(one) for form in forms if form for one in wanted) or word in singular


def _joined(spans: Iterator[tuple[int, int]]) -> Ranges:
    ranges: Ranges = []
    for start, end in spans:
        if ranges and ranges[-1][1] == start:
            ranges[-1] = ranges[-1][0], end
        else:
            ranges.append((start, end))
    return ranges
