"""Categories and brands as a sheet names them: by code, by name in either language, by path of names."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Brand, Category
from catalog.sheets.cells import BadCell
from catalog.sheets.words import fold

BETWEEN = " / "


class Shelf:
    """All there are, read once in two statements."""

    def __init__(self) -> None:
        self.categories = list(Category.objects.order_by("path"))
        self.brands = list(Brand.objects.order_by("name"))
        self._categories = _Names((row, _names_of(row)) for row in self.categories)
        for row, paths in _paths(self.categories):
            self._categories.add(row, paths)
        self._brands = _Names((row, _names_of(row)) for row in self.brands)

    def category(self, text: str) -> Category:
        return self._categories.find(
            text, _("There is no such category."), _("Several categories have this name: write its code.")
        )

    def brand(self, text: str) -> Brand:
        return self._brands.find(
            text, _("There is no such brand."), _("Several brands have this name: write its code.")
        )

    def written(self, row: Category | Brand) -> str:
        """How a sheet in the reader's language names it, so that it is found again."""
        names = self._categories if isinstance(row, Category) else self._brands
        name = (row.name_ar if get_language() == "ar" else "") or row.name
        return name if names.only(name) else row.slug


class _Names:
    def __init__(self, rows: Iterable[tuple[Any, Iterable[str]]]) -> None:
        self._slugs: dict[str, Any] = {}
        self._rows: dict[str, set[Any]] = {}
        for row, names in rows:
            self._slugs[row.slug] = row
            self.add(row, names)

    def add(self, row: Any, names: Iterable[str]) -> None:
        for name in names:
            self._rows.setdefault(fold(name), set()).add(row)

    def only(self, name: str) -> bool:
        return name not in self._slugs and len(self._rows.get(fold(name), ())) == 1

    def find(self, text: str, unknown: str, several: str) -> Any:
        if text in self._slugs:
            return self._slugs[text]
        found = self._rows.get(fold(text), set())
        if len(found) != 1:
            raise BadCell(several if found else unknown)
        return next(iter(found))


def _names_of(row: Category | Brand) -> list[str]:
    return [name for name in (row.slug, row.name, row.name_ar) if name]


def _paths(categories: Iterable[Category]) -> Iterable[tuple[Category, list[str]]]:
    """`Beverages / Soft Drinks`, in both languages."""
    naming: tuple[Callable[[Category], str], ...] = (
        lambda row: row.name,
        lambda row: row.name_ar or row.name,
    )
    above: list[Category] = []
    for row in categories:
        above[row.depth - 1 :] = [row]
        yield row, [BETWEEN.join(map(name, above)) for name in naming]
