"""Texts stored before all entrances cleaned them: found, cleaned, or named where that is not possible.

Migrations clean once (`clean_stored`); `manage.py unclean_texts` names what was left, whenever it is asked.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from aqad.lib.text import cleaning
from aqad.lib.text.characters import BLANKS, INVISIBLE, LINE_BREAKS, NO_TEXT

Clean = Callable[[str], str]
Model = Any  # a class of models, of today or of a migration
BATCH = 500

# What the database holds of it: no NUL, no halves of characters.
_ODD = "".join(pattern.pattern[1:-1] for pattern in (INVISIBLE, NO_TEXT))
_ODD = _ODD.replace("\\x00-\\x08", "\\u0001-\\u0008").replace("\\ud800-\\udfff", "")
_ODD = re.sub(r"\\x([0-9a-f]{2})", r"\\u00\1", _ODD)
_BLANK = BLANKS.replace(" ", "", 1)
_SUSPECT = f"[{_ODD}{_BLANK}\\t{LINE_BREAKS}]|^ | $|  "
_PLAIN_EMAIL = r"^[a-z0-9_.+-]+@([a-z0-9-]+\.)+[a-z]+$"


@dataclass(frozen=True)
class Left:
    """A text that could not be cleaned: where it stands, what it would become, and why it did not."""

    row: str
    column: str
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.row} {self.column} {self.text!a}: {self.why}"


def clean_stored(model: Model, columns: Mapping[str, Clean]) -> Iterator[Left]:
    """Clean the texts of these columns, and yield those that cannot be.

    Each text is an UPDATE of its own, which changes nothing where somebody else has changed it meanwhile: no
    lock outlives a row. What would be the same as another row's where that must not be, would show nothing,
    or would be too long stays as it is. Safe to repeat, and to interrupt.
    """
    for name, clean in columns.items():
        suspects = list(_unclean(model, name, clean))
        same = _twins(model, name, suspects)
        for pk, text, wanted in suspects:
            why = "another row would read the same" if pk in same else _write(model, pk, name, text, wanted)
            if why:
                yield Left(f"{model._meta.db_table} {pk}", name, text, why)


def find_unclean(model: Model, columns: Mapping[str, Clean]) -> Iterator[Left]:
    """What `clean_stored` would look at, without changing it."""
    for name, clean in columns.items():
        for pk, text, wanted in _unclean(model, name, clean):
            yield Left(f"{model._meta.db_table} {pk}", name, text, f"cleaned it reads {wanted!a}")


def _unclean(model: Model, name: str, clean: Clean) -> Iterator[tuple[Any, str, str]]:
    """Key, text and what it should be. The database finds what may be unclean, a batch at a time."""
    doubt = Q(**{f"{name}__regex": _SUSPECT}) | Q(_is_not_composed(name))
    if clean is cleaning.clean_email:
        doubt = ~Q(**{f"{name}__regex": _PLAIN_EMAIL}) | Q(**{f"{name}__contains": "xn--"})
    found = model.objects.filter(doubt).exclude(**{name: ""}).order_by("pk").values_list("pk", name)
    last: Any = None
    while batch := list((found if last is None else found.filter(pk__gt=last))[:BATCH]):
        for pk, text in batch:
            if (wanted := _cleaned(clean, text)) != text:
                yield pk, text, wanted
        last = batch[-1][0]


def _is_not_composed(name: str) -> models.Func:
    template = "%(expressions)s IS NOT NFC NORMALIZED"
    return models.Func(models.F(name), template=template, output_field=models.BooleanField())


def _cleaned(clean: Clean, text: str) -> str:
    """As `clean`, with blanks for what it would refuse; "" for what is not what it should be."""
    try:
        return clean(text)
    except cleaning.UnreadableText:
        pass
    kept = "" if clean is cleaning.clean_free_text else f"\\t{LINE_BREAKS}"
    mended = NO_TEXT.sub(" ", text)
    try:
        return clean(re.sub(f"[{kept}]", " ", mended) if kept else mended)
    except cleaning.UnreadableText:
        return ""


def _write(model: Model, pk: Any, name: str, text: str, wanted: str) -> str:
    """Why it was not written; "" where it was, or somebody else wrote something else."""
    longest = getattr(model._meta.get_field(name), "max_length", None)
    if not wanted and not model._meta.get_field(name).blank:
        return "nothing that can be read would be left"
    if longest and len(wanted) > longest:
        return "it would be too long"
    try:
        with transaction.atomic():
            model.objects.filter(pk=pk, **{name: text}).update(**{name: wanted})
    except IntegrityError:
        return "another row reads the same"
    return ""


def _twins(model: Model, name: str, suspects: list[tuple[Any, str, str]]) -> set[Any]:
    """Keys of those that would become the same, where the database allows a text once, alone or by vendor."""
    beside = _unique_with(model, name)
    if beside is None:
        return set()
    rows = model.objects.filter(pk__in=[pk for pk, _text, _wanted in suspects])
    groups = {pk: tuple(others) for pk, *others in rows.values_list("pk", *beside)}
    wishes = [(groups.get(pk), wanted.casefold()) for pk, _text, wanted in suspects]
    often = Counter(wishes)
    return {pk for (pk, _text, _wanted), wish in zip(suspects, wishes, strict=True) if often[wish] > 1}


def _unique_with(model: Model, name: str) -> list[str] | None:
    """The columns with which this one must be unique; none where it must be alone, None where it need not."""
    if model._meta.get_field(name).unique:
        return []
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and name in (*rule.fields, *_named(rule.expressions)):
            return [other for other in rule.fields if other != name]
    return None


def _named(expressions: Any) -> list[str]:
    parts: Any = (each for whole in expressions for each in whole.flatten())
    return [getattr(each, "name", "") for each in parts]
