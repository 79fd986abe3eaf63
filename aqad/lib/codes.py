"""Public codes such as `ORD1001`: a prefix and the primary key.

The keys' sequences start at 1001, the retailers' at 2001.
"""

import re
from typing import Any

from django.contrib import admin
from django.db import models
from django.utils.translation import pgettext_lazy

from aqad.lib.text.cleaning import read_digits

_CODE = re.compile(r"([A-Z]{1,4})([1-9][0-9]{0,17})")


class Coded(models.Model):
    """A model whose rows people know by a code. `CODE_PREFIX` is fixed for ever once rows exist."""

    CODE_PREFIX: str

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code

    @property
    @admin.display(description=pgettext_lazy("field", "code"))
    def code(self) -> str:
        return f"{self.CODE_PREFIX}{self.pk}"


def parse(code: Any, prefix: str) -> int | None:
    """The primary key in `code`, or None where it is not a code of this kind."""
    match = _CODE.fullmatch(read_digits(code).upper()) if isinstance(code, str) else None
    if match is None or match[1] != prefix:
        return None
    key = int(match[2])
    return key if key < 2**63 else None


def start_sequence_at(table: str, first: int) -> tuple[str, str]:
    """SQL for a migration that makes the first primary key of `table` be `first`, and its reverse."""
    alter = f"ALTER TABLE {table} ALTER COLUMN id"
    return f"{alter} SET START {first} RESTART", f"{alter} SET START 1"
