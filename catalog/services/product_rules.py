"""What a product must be, whoever writes it and through which entrance."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aqad.lib import gtin
from aqad.lib.errors import Invalid, InvalidTransition
from aqad.lib.money import to_fils
from catalog.models import Brand, Category, PriceTier, Product
from vendors.models import Vendor

MAX_TIERS = 20
MAX_QUANTITY = 1_000_000

Status = Product.Status

Errors = dict[str, list[Any]]


def resolve(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`fields` with category and brand, given by slug, as rows. Raises Invalid with each that is unknown."""
    resolved = dict(fields)
    errors: Errors = {}
    if "category" in fields:
        resolved["category"] = Category.objects.filter(slug=fields["category"]).first()
        if resolved["category"] is None:
            errors["category"] = [_("There is no such category.")]
    if "brand" in fields:
        resolved["brand"] = Brand.objects.filter(slug=fields["brand"]).first()
        if resolved["brand"] is None:
            errors["brand"] = [_("There is no such brand.")]
    if errors:
        raise Invalid(errors=errors)
    return resolved


def new_product(vendor: Vendor, *, status: str = Status.ACTIVE, **fields: Any) -> Product:
    """A product of an active vendor that is not saved. Without a minimum the order multiple is it."""
    if vendor.status != Vendor.Status.ACTIVE:
        raise Invalid(errors={"vendor": [_("Only an active vendor can list products.")]})
    if status not in (Status.ACTIVE, Status.DRAFT):
        raise Invalid(errors={"status": [_("A new product is active or a draft.")]})
    fields.setdefault("min_order_quantity", fields.get("order_multiple", 1))
    return Product(vendor=vendor, status=status, **fields)


def check_move(product: Product, status: str, *, by: Any) -> None:
    """Draft and active are the vendor's to choose; hiding, and ending it, is for admins.

    Raises Invalid for a status that is not the caller's to give, InvalidTransition where an admin hid it.
    """
    is_admin = by is None or by.role == "admin"
    allowed = (Status.DRAFT, Status.ACTIVE, Status.HIDDEN) if is_admin else (Status.DRAFT, Status.ACTIVE)
    if status not in allowed:
        raise Invalid(errors={"status": [_("This status cannot be given here.")]})
    if product.status == Status.HIDDEN and not is_admin:
        raise InvalidTransition(_("An admin has hidden this product. Ask AQAD to show it again."))


def check_changeable(product: Product) -> None:
    """Raise InvalidTransition for a product that changes no more."""
    if product.status == Status.ARCHIVED:
        raise InvalidTransition(_("An archived product does not change any more."))


def check(product: Product, tiers: Sequence[PriceTier], *, quantity: int = 0) -> None:
    """Raise Invalid with all that is wrong; normalises the barcode. `quantity` is the opening stock."""
    errors: Errors = {}
    if not product.name.strip():
        errors["name"] = [_("A product needs a name.")]
    if product.price <= 0:
        errors["price"] = [_("The price must be greater than zero.")]
    elif product.price != to_fils(product.price):
        errors["price"] = [_("A price has at most two decimal places.")]
    if not 0 <= quantity <= MAX_QUANTITY:
        errors["quantity"] = [_("The quantity must be between 0 and 1,000,000.")]
    if product.barcode:
        try:
            product.barcode = gtin.normalise(product.barcode)
        except ValueError:
            errors["barcode"] = [_("This is not a valid barcode number.")]
    errors |= _quantity_errors(product) | _tier_errors(product.price, tiers)
    if errors:
        raise Invalid(errors=errors)


def tiers_of(given: Iterable[Mapping[str, Any]]) -> list[PriceTier]:
    """`[{"min_quantity", "price"}]` as rows that are not saved, in the order given."""
    return [PriceTier(min_quantity=tier["min_quantity"], price=Decimal(tier["price"])) for tier in given]


def _quantity_errors(product: Product) -> Errors:
    errors: Errors = {}
    if not 1 <= product.order_multiple <= MAX_QUANTITY:
        errors["order_multiple"] = [_("This must be between 1 and 1,000,000.")]
    if not 1 <= product.min_order_quantity <= MAX_QUANTITY:
        errors["min_order_quantity"] = [_("This must be between 1 and 1,000,000.")]
    if not errors and product.min_order_quantity % product.order_multiple:
        errors["min_order_quantity"] = [
            _("The smallest order must be a multiple of %(multiple)s.") % {"multiple": product.order_multiple}
        ]
    return errors


def _tier_errors(price: Decimal, tiers: Sequence[PriceTier]) -> Errors:
    """Each tier must start higher and cost less than the one before, the first less than the price."""
    if len(tiers) > MAX_TIERS:
        return {"price_tiers": [_("At most %(count)s tiers are possible.") % {"count": MAX_TIERS}]}
    errors: Errors = {}
    cheapest, reached = price, 0
    for position, tier in sorted(enumerate(tiers), key=lambda pair: pair[1].min_quantity):
        if tier.min_quantity < 2:
            errors[f"price_tiers.{position}.min_quantity"] = [_("A tier begins with at least 2.")]
        elif tier.min_quantity == reached:
            errors[f"price_tiers.{position}.min_quantity"] = [_("Two tiers begin with the same quantity.")]
        if tier.price <= 0 or tier.price != to_fils(tier.price):
            errors[f"price_tiers.{position}.price"] = [
                _("The price must be greater than zero, with at most two decimal places.")
            ]
        elif tier.price >= cheapest:
            errors[f"price_tiers.{position}.price"] = [
                _("A tier must cost less than smaller quantities do: less than %(price)s.")
                % {"price": cheapest}
            ]
        cheapest, reached = min(cheapest, tier.price), tier.min_quantity
    return errors
