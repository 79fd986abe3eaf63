"""What is left in English on a page that should be Arabic."""

import re
from html import unescape

# What no Arabic reader has another word for; names of people, firms and goods stand in <bdi>.
_LATIN = {"aqad", "pin", "aed", "api", "pdf", "png", "jpeg", "webp", "trn", "sku", "gtin", "english", "ml"}
_HIDDEN = re.compile(
    r"<(script|style|svg|bdi|head)\b.*?</\1>|<(\w+)[^>]* lang=\"en\".*?</\2>|<!--.*?-->", re.DOTALL
)
_NAMES = re.compile(r"\b[A-Z]{1,3}\d+\b|\S+@\S+|Ahmed Foods LLC|Fresh Mart Supermarket")


def english_words(page: str) -> set[str]:
    """What is left of a page's visible text in Latin letters."""
    text = unescape(re.sub(r"<[^>]+>", " ", _HIDDEN.sub(" ", page)))
    return {word.lower() for word in re.findall(r"[A-Za-z]{2,}", _NAMES.sub(" ", text))} - _LATIN
