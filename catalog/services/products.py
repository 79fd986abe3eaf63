"""Products come, change and go. Stock has its own service; a status moves through the audit log only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from aqad.lib.errors import AlreadyExists
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import stored_files
from audit import services as audit
from catalog.models import PriceTier, Product, ProductImage
from catalog.services import images as image_service
from catalog.services import product_rules, stock
from catalog.services.waiting import wait_for_orders
from vendors.models import Vendor

Status = Product.Status
MOVES = {Status.DRAFT: "withdrew", Status.ACTIVE: "published", Status.HIDDEN: "hid"}


def create_product(
    vendor: Vendor,
    *,
    by: Any,
    name: str,
    price: Decimal,
    quantity: int,
    category: str,
    brand: str,
    status: str = Status.ACTIVE,
    price_tiers: Sequence[Mapping[str, Any]] = (),
    images: Sequence[CleanFile] = (),
    **details: Any,
) -> Product:
    """List a product of an active vendor with `quantity` as opening stock; category and brand by slug.

    `details` are further columns such as `name_ar`, `sku`, `barcode`. Without a minimum the order multiple
    is it. Raises Invalid, AlreadyExists for a SKU that the vendor uses. All or nothing, images included.
    """
    fields = product_rules.resolve({"category": category, "brand": brand})
    product = product_rules.new_product(vendor, status=status, name=name, price=price, **fields, **details)
    tiers = product_rules.tiers_of(price_tiers)
    product_rules.check(product, tiers, quantity=quantity)
    image_service.check_count(len(images), "images")
    with stored_files():
        if images:
            product.pk = _next_id()
        pictures = [image_service.store(product, image) for image in images]
        _insert(product, tiers, pictures, quantity, by=by)
    return product


@transaction.atomic
def update_product(product: Product, *, by: Any, **changes: Any) -> Product:
    """Change columns, `price_tiers` (the whole list) or `status` of a product that is not archived.

    Raises Invalid, AlreadyExists for a SKU in use, InvalidTransition for an archived product and when a
    vendor shows again what an admin has hidden. Locks the product's row.
    """
    product = _lock(product)
    product_rules.check_changeable(product)
    status = changes.pop("status", product.status)
    tiers = product_rules.tiers_of(changes.pop("price_tiers")) if "price_tiers" in changes else None
    before = {name: getattr(product, name) for name in changes}
    for name, value in product_rules.resolve(changes).items():
        setattr(product, name, value)
    product_rules.check(product, tiers if tiers is not None else list(product.price_tiers.all()))
    if changes or tiers is not None:
        _save_changes(product, tiers, before, by=by)
    if status != product.status:
        move_product(product, status, by=by)
    return product


def move_product(product: Product, status: str, *, by: Any, reason: str = "") -> None:
    """Show, withdraw or hide a product. Raises what `product_rules.check_move` does."""
    product_rules.check_move(product, status, by=by)
    with transaction.atomic():
        wait_for_orders(product)
        audit.transition(product, status, by=by, verb=MOVES[Status(status)], reason=reason)


@transaction.atomic
def archive_product(product: Product, *, by: Any) -> None:
    """Take the product off sale for good; orders keep their lines, carts say why it cannot be ordered.

    Its SKU is free again. Safe to repeat.
    """
    wait_for_orders(product)
    product = _lock(product)
    if product.status != Status.ARCHIVED:
        audit.transition(product, Status.ARCHIVED, by=by, verb="archived")


@transaction.atomic
def _insert(
    product: Product,
    tiers: Sequence[PriceTier],
    pictures: Sequence[ProductImage],
    quantity: int,
    *,
    by: Any,
) -> None:
    with _sku_is_new():
        product.save(force_insert=True)
    _replace_tiers(product, tiers)
    image_service.append(product, pictures)
    stock.open_stock(product, quantity, by=by)
    audit.record(by, "created", product)


def _save_changes(
    product: Product, tiers: list[PriceTier] | None, before: dict[str, Any], *, by: Any
) -> None:
    with _sku_is_new():
        product.save(update_fields=[*before, "barcode", "updated_at"])
    changed = {
        name: [str(old), str(getattr(product, name))]
        for name, old in before.items()
        if old != getattr(product, name)
    }
    if tiers is not None:
        changed["price_tiers"] = [_listed(product.price_tiers.all()), _listed(tiers)]
        _replace_tiers(product, tiers)
    if changed:
        audit.record(by, "changed", product, data=changed)


def _listed(tiers: Iterable[PriceTier]) -> str:
    return ", ".join(str(tier) for tier in tiers)


def _replace_tiers(product: Product, tiers: Sequence[PriceTier]) -> None:
    product.price_tiers.all().delete()
    for tier in tiers:
        tier.product = product
    PriceTier.objects.bulk_create(tiers)


def _lock(product: Product) -> Product:
    """The row as it is now. Orders that refer to it do not wait for this lock."""
    rows = Product.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("vendor", "brand", "category").get(pk=product.pk)


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('catalog_product', 'id'))")
        return int(cursor.fetchone()[0])


@contextmanager
def _sku_is_new() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "product_sku_once_per_vendor" not in str(error):
            raise
        raise AlreadyExists(errors={"sku": [_("You use this SKU for another product.")]}) from error
