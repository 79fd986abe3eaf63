"""Categories and brands, kept by admins. What products show and are found by follows at once."""

from typing import Any

from django.db import transaction

from audit import services as audit
from catalog.models import Brand, Category


@transaction.atomic
def save_brand(brand: Brand, *, by: Any) -> Brand:
    """Add or change a brand."""
    is_new = brand.pk is None
    brand.save()
    audit.record(by, "created" if is_new else "changed", brand)
    return brand


@transaction.atomic
def delete_brand(brand: Brand, *, by: Any) -> None:
    """Raises ProtectedError while any product, archived ones included, is of this brand."""
    audit.record(by, "deleted", brand)
    brand.delete()


@transaction.atomic
def save_category(category: Category, *, parent: Category | None, by: Any) -> Category:
    """Add a category below `parent`, or change it and move it there with all below it; None is the top.

    Siblings stand by name. Raises treebeard's InvalidMoveToDescendant for a parent that lies below it.
    """
    nodes = Category.objects
    if is_new := category.pk is None:
        if parent is None:
            nodes.add_root(instance=category)
        else:
            nodes.add_child(parent, instance=category)
    else:
        category.save()
        if parent is not None:
            nodes.move(category, parent, "sorted-child")
        elif root := nodes.get_root_nodes().first():
            nodes.move(category, root, "sorted-sibling")
    audit.record(by, "created" if is_new else "changed", category)
    return category


@transaction.atomic
def delete_category(category: Category, *, by: Any) -> None:
    """Delete it with those below. Raises ProtectedError while any of them has a product, archived or not."""
    audit.record(by, "deleted", category)
    category.delete()
