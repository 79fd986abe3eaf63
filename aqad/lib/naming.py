"""The words of models, fields and choices, in the reader's language.

Django names them after the code: `amount_paid` is "amount paid". Those words are looked up among all other
texts, so that no model repeats in words what its code says already. Whoever collects the texts to be
translated finds them in `WORDS`.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

THING, THINGS, FIELD, HELP, CHOICE = "thing", "things", "field", "help of a field", "choice"

# Where the code's word is not what people would read.
PLAIN = {
    "at": "time",
    "line1": "first line",
    "line2": "second line",
    "name ar": "name in Arabic",
    "description ar": "description in Arabic",
    "alt": "text instead of the picture",
    "numchild": "categories below",
    "sku": "SKU",
    "sha256": "SHA-256",
    "vat": "VAT",
    "vat rate": "VAT rate",
    "vat category": "VAT category",
    "po box": "PO box",
    "gateway url": "gateway's address",
    "email": "e-mail",
}
WORDS: dict[tuple[str, str], str] = {}  # context and English → the module it comes from


def translate_names(models: Iterable[type[Model]]) -> None:
    """Have every name looked up when it is shown. What is translatable by itself stays as it is."""
    for model in models:
        meta: Any = model._meta
        named = "verbose_name_plural" in meta.original_attrs or isinstance(meta.verbose_name, Promise)
        plural = meta.verbose_name_plural if named else f"{meta.verbose_name}s"
        meta.verbose_name = _lazy(model, THING, meta.verbose_name)
        meta.verbose_name_plural = _lazy(model, THINGS, plural)
        for field in meta.get_fields():
            if isinstance(field, Field):
                _translate_field(model, field)


def _translate_field(model: type[Model], field: Any) -> None:
    field.verbose_name = _lazy(model, FIELD, field.verbose_name)
    field.help_text = _lazy(model, HELP, field.help_text)
    if field.choices:
        field.choices = [(value, _lazy(model, CHOICE, word)) for value, word in field.choices]


def _lazy(model: type[Model], context: str, word: Any) -> Any:
    if isinstance(word, Promise) or not word:
        return word
    plain = PLAIN.get(str(word), str(word))
    WORDS.setdefault((context, plain), model.__module__)
    return pgettext_lazy(context, plain)
