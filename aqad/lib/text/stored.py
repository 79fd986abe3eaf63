"""Texts stored before all entrances cleaned them: found, cleaned, or named where that is not possible.

Migrations clean once (`clean_stored`); `manage.py unclean_texts` names what was left, whenever it is asked.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q

from aqad.lib.database import retry_on_conflict
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


@dataclass(frozen=True)
class _Unclean:
    """A text of the row `pk`, and what it should be."""

    pk: Any
    text: str
    wanted: str


def clean_stored(model: Model, columns: Mapping[str, Clean]) -> Iterator[Left]:
    """Clean the texts of these columns, and yield those that cannot be.

    Some hundred rows at a time: each batch is one UPDATE with a transaction of its own, which passes over
    what somebody else has changed meanwhile. What would be the same as another row's where that must not
    be, would show nothing, or would be too long stays as it is. Safe to repeat, and to interrupt.
    """
    for name, clean in columns.items():
        batches: Iterable[list[_Unclean]] = _unclean(model, name, clean)
        twins: set[Any] = set()
        if (beside := _unique_with(model, name)) is not None:  # short texts, so they may be held all at once
            batches = list(batches)
            twins = _twins(model, beside, batches)
        for batch in batches:
            why = {each.pk: "another row would read the same" for each in batch if each.pk in twins}
            why |= {each.pk: reason for each in batch if (reason := _spoiled(model, name, each))}
            refused = _write(model, name, [each for each in batch if each.pk not in why])
            why |= dict.fromkeys((each.pk for each in refused), "another row reads the same")
            for each in batch:
                if each.pk in why:
                    yield _left(model, name, each, why[each.pk])


def find_unclean(model: Model, columns: Mapping[str, Clean]) -> Iterator[Left]:
    """What `clean_stored` would look at, without changing it."""
    for name, clean in columns.items():
        for batch in _unclean(model, name, clean):
            for each in batch:
                yield _left(model, name, each, f"cleaned it reads {each.wanted!a}")


def _left(model: Model, name: str, unclean: _Unclean, why: str) -> Left:
    return Left(f"{model._meta.db_table} {unclean.pk}", name, unclean.text, why)


def _unclean(model: Model, name: str, clean: Clean) -> Iterator[list[_Unclean]]:
    """The database finds what may be unclean, BATCH rows at a time: no statement takes long, however many
    rows there are and however few of them are unclean."""
    doubt = Q(**{f"{name}__regex": _SUSPECT}) | Q(_is_not_composed(name))
    if clean is cleaning.clean_email:
        doubt = ~Q(**{f"{name}__regex": _PLAIN_EMAIL}) | Q(**{f"{name}__contains": "xn--"})
    for part in _parts(model):
        found = part.filter(doubt).exclude(**{name: ""}).order_by("pk").values_list("pk", name)
        told = (_Unclean(pk, text, _cleaned(clean, text)) for pk, text in found)
        if batch := [each for each in told if each.wanted != each.text]:
            yield batch


def _parts(model: Model) -> Iterator[Any]:
    """The rows of a model, BATCH at a time."""
    last: Any = None
    while True:
        rest = model.objects.all() if last is None else model.objects.filter(pk__gt=last)
        end = rest.order_by("pk").values_list("pk", flat=True)[BATCH - 1 : BATCH].first()
        if end is None:
            yield rest
            return
        yield rest.filter(pk__lte=end)
        last = end


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


def _spoiled(model: Model, name: str, unclean: _Unclean) -> str:
    """Why the cleaned text cannot take the other's place; empty where it can."""
    field = model._meta.get_field(name)
    longest = getattr(field, "max_length", None)
    if not unclean.wanted and not field.blank:
        return "nothing that can be read would be left"
    return "it would be too long" if longest and len(unclean.wanted) > longest else ""


def _write(model: Model, name: str, batch: Sequence[_Unclean]) -> list[_Unclean]:
    """Write them where nobody has written something else. Returns those that the database refuses."""
    try:
        retry_on_conflict(lambda: _update(model, name, batch))
    except IntegrityError:
        return [batch[0]] if len(batch) == 1 else [no for each in batch for no in _write(model, name, [each])]
    return []


def _update(model: Model, name: str, batch: Sequence[_Unclean]) -> None:
    if not batch:
        return
    quote, key, field = connection.ops.quote_name, model._meta.pk, model._meta.get_field(name)
    table, pk, column = map(quote, (model._meta.db_table, key.column, field.column))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {column} = given.wanted "  # noqa: S608 - names of our own model
            f"FROM unnest(%s::{key.rel_db_type(connection)}[], %s::text[], %s::text[])"
            " AS given (pk, was, wanted)"
            f' WHERE kept.{pk} = given.pk AND kept.{column} = given.was COLLATE "C"',
            [list(each) for each in zip(*((each.pk, each.text, each.wanted) for each in batch), strict=True)],
        )


def _twins(model: Model, beside: list[str], batches: Iterable[Sequence[_Unclean]]) -> set[Any]:
    """Keys of those that would become the same, where a text may be there once for each value of `beside`."""
    wishes: dict[tuple[Any, ...], list[Any]] = {}
    for batch in batches:
        rows = model.objects.filter(pk__in=[each.pk for each in batch])
        groups = {pk: tuple(others) for pk, *others in rows.values_list("pk", *beside)}
        for each in batch:
            wishes.setdefault((groups.get(each.pk), each.wanted.casefold()), []).append(each.pk)
    return {pk for same in wishes.values() if len(same) > 1 for pk in same}


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
