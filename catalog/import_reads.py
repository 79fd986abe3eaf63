"""An import as its pages and the API show it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from aqad.lib import codes
from aqad.lib.errors import NotFound
from catalog.models import ImportRow, Product, ProductImport
from catalog.sheets.columns import NEEDED, heading_of
from catalog.sheets.mending import sentences

Status = ProductImport.Status
PER_PAGE = 50
OUTCOMES = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "refused": gettext_lazy("With errors"),
}


WARNED = "warned"


@dataclass(frozen=True)
class Progress:
    """`done` of `total` rows, None where the file does not say how many; `pace` in rows a second."""

    done: int
    total: int | None
    pace: int

    @property
    def left(self) -> int:
        """Seconds, as far as that can be told."""
        return (self.total - self.done) // self.pace if self.total and self.pace else 0


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview: who it is, and what changes or what is wrong."""

    number: int
    name: str
    sku: str
    code: str
    changes: list[tuple[str, str, str]]
    errors: list[str]
    warnings: list[str]
    price: str


def find(user: Any, code: str) -> ProductImport:
    """An import of the caller's company. Raises NotFound."""
    own = ProductImport.objects.visible_to(user).select_related("vendor", "by")
    found = own.filter(pk=codes.parse(code, ProductImport.CODE_PREFIX) or 0).first()
    if found is None:
        raise NotFound()
    return found


def progress(made: ProductImport) -> Progress:
    applying = made.status == Status.APPLYING
    done, total = (made.applied, made.to_apply) if applying else (made.checked, made.total)
    if total is not None:
        total = max(total, done)
    seconds = (timezone.now() - made.began_at).total_seconds() if made.began_at else 0
    return Progress(done, total, int(done / seconds) if seconds >= 1 else 0)


def mark(made: ProductImport) -> str:
    """Changes whenever the progress does: an entity tag."""
    return f'"{made.code}-{made.status}-{made.checked}-{made.applied}-{get_language()}"'


def counts(made: ProductImport) -> list[tuple[str, Any, int]]:
    """Each outcome with its word and number."""
    return [(name, label, getattr(made, name)) for name, label in OUTCOMES.items()]


def tabs(made: ProductImport) -> list[tuple[str, Any, int]]:
    """The outcomes, and across all of them the rows that deserve a second look."""
    return [*counts(made), (WARNED, _("To look at"), made.warned)]


def first_outcome(made: ProductImport) -> str:
    """What is to be looked at first: what is wrong, then what changes."""
    order = ("refused", "new", "changed", "unchanged")
    return next((name for name in order if getattr(made, name)), "refused")


def page_of(made: ProductImport, outcome: str, number: str | None) -> Page[ShownRow]:
    """Rows of one outcome, or those of any that are warned of."""
    rows = ImportRow.objects.filter(sheet=made).order_by("number")
    rows = rows.exclude(warnings=[]) if outcome == WARNED else rows.filter(outcome=outcome)
    page: Any = Paginator(rows, PER_PAGE).get_page(number)
    products = Product.objects.in_bulk([row.product_id for row in page.object_list if row.product_id])
    page.object_list = [_shown(row, products.get(row.product_id or 0)) for row in page.object_list]
    return page


def what_to_do(made: ProductImport) -> str:
    """What the button of a checked import will do, in one sentence."""
    numbers = {"new": f"{made.new:,}", "changed": f"{made.changed:,}"}
    if made.new and made.changed:
        return _("Create %(new)s and change %(changed)s products") % numbers
    if made.new:
        return ngettext("Create %(new)s product", "Create %(new)s products", made.new) % numbers
    return ngettext("Change %(changed)s product", "Change %(changed)s products", made.changed) % numbers


def missing_for_new(made: ProductImport) -> list[str]:
    """Headings of the columns without which nothing new can be listed."""
    return [heading_of(name) for name in NEEDED if name not in made.columns]


def _shown(row: ImportRow, product: Product | None) -> ShownRow:
    values = row.values
    return ShownRow(
        row.number,
        str(values.get("name") or (product.name_read if product else "")),
        str(values.get("sku") or (product.sku if product else "")),
        product.code if product else str(values.get("id", "")),
        [(_field(name), old, new) for name, (old, new) in row.changes.items()],
        sentences(row.errors),
        row.warnings,
        str(values.get("price", "")),
    )


def _field(name: str) -> str:
    return _("Price tiers") if name == "price_tiers" else heading_of(name)
