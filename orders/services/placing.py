"""Placing: a basket becomes a checkout with one order per vendor, its stock held."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeGuard, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Now
from django.utils.translation import gettext as _

from aqad.lib.compiled import Compiled
from aqad.lib.errors import Forbidden, Invalid
from aqad.lib.inserting import draw_keys, insert, next_key, together
from aqad.lib.money import ZERO
from aqad.lib.prefetch import preload
from audit import services as audit
from catalog.errors import OutOfStock
from catalog.models import Product
from catalog.services import stock
from notifications import services as notifications
from orders import events
from orders.basket import Item, VendorPart, check_basket
from orders.errors import PaymentMethodUnavailable
from orders.messages import order_message
from orders.models import Checkout, Order, OrderLine, PaymentMethod
from orders.services.caps import Wanted, buyer_of, check_caps
from orders.services.holds import expire_holds_of
from orders.stock_lines import stock_lines
from retailers.models import Address, Retailer

P = ParamSpec("P")
T = TypeVar("T")

_TAKE_CART = """
WITH taken AS (DELETE FROM orders_cartitem WHERE retailer_id = %s RETURNING id, product_id, quantity)
SELECT product_id, quantity FROM taken ORDER BY id
"""

ADDRESS_FIELDS = (
    "label", "contact_name", "phone", "line1", "line2", "area", "city", "emirate", "makani", "po_box",
)  # fmt: skip


@dataclass(frozen=True)
class Placement:
    """What a retailer asks for: `items` None for the cart; `address` the id of an own one, or its fields."""

    items: Sequence[Item] | None
    address: int | Mapping[str, Any]
    payment_method: str
    note: str = ""
    purchase_order_number: str = ""


def place_checkout(placement: Placement, *, by: Any) -> Checkout:
    """Hold the stock of all lines and write the checkout, its orders and its payment; or nothing.

    Raises Invalid, PaymentMethodUnavailable, TooManyOpenOrders, and OutOfStock with every shortage, but only
    after holds that ran out gave back what they held. Sends `checkout_placed`.
    The returned checkout has its orders and lines loaded.
    """
    return freeing_expired_holds(transaction.atomic(place_in_transaction))(placement, by=by)


def freeing_expired_holds(work: Callable[P, T]) -> Callable[P, T]:
    """Let `work`, which is a whole transaction, run again once expired holds gave back what it missed."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except OutOfStock as shortage:
            if not expire_holds_of(item["product"] for item in shortage.details["items"]):
                raise
            return work(*args, **kwargs)

    return run


def place_in_transaction(placement: Placement, *, by: Any) -> Checkout:
    """`place_checkout` for a caller who commits more with it; put `freeing_expired_holds` around that."""
    if placement.payment_method not in (PaymentMethod.CARD, PaymentMethod.CASH_ON_DELIVERY):
        raise PaymentMethodUnavailable()
    retailer = _lock_retailer(by, placement.address)
    address = _address(retailer, placement.address)
    items = _take_cart(retailer) if placement.items is None else placement.items
    parts = check_basket(items, buyer_key=retailer.pk)
    order_keys = [retailer.order_key, *draw_keys(Order, len(parts) - 1)]
    with together():
        checkout = _write(placement, retailer, address, parts, order_keys, by=by)
        orders = list(checkout.orders.all())
        audit.record(by, "created", orders, to_status=orders[0].status)
        _tell(checkout, orders)
        events.checkout_placed.send(Checkout, checkout=checkout, orders=orders, by=by)
    stock.reserve_stock(stock_lines(orders), by=by)
    return checkout


def _lock_retailer(user: Any, address: int | Mapping[str, Any]) -> Any:
    """The buyer's row, locked so that caps are counted right, with what one statement can tell besides.

    That is the database's clock, keys for a checkout and an order, and the own address if `address` is the
    key of one. What is open is counted by a later one: see `orders.open_orders`.
    """
    keys = (user.pk,) if _is_typed(address) else (user.pk, address)
    found = _buyers(*keys)
    if not found:
        raise Forbidden()
    return found[0]


def _buyer(user: int, address: int | None = None) -> QuerySet[Any]:
    own_address = Address.objects.filter(retailer=OuterRef("pk"), pk__in=[] if address is None else [address])
    return (
        Retailer.objects.filter(members__user=user, status=Retailer.Status.ACTIVE)
        .select_for_update(of=("self",), no_key=True)
        .annotate(
            now=Now(),
            checkout_key=next_key(Checkout),
            order_key=next_key(Order),
            own_address=Subquery(
                own_address.values(fields=JSONObject(**{name: name for name in ADDRESS_FIELDS}))
            ),
        )
    )


_buyers = Compiled[Any](_buyer)


def _is_typed(address: int | Mapping[str, Any]) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(address, Mapping)


def _address(retailer: Any, wanted: int | Mapping[str, Any]) -> dict[str, Any]:
    if _is_typed(wanted):
        return {name: str(wanted.get(name, "")) for name in ADDRESS_FIELDS}
    if retailer.own_address is None:
        raise Invalid(errors={"address": [_("This is not one of your addresses.")]})
    return dict(retailer.own_address)


def _take_cart(retailer: Retailer) -> list[Item]:
    """What is in the cart, which is empty now unless the order fails."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_CART, [retailer.pk])
        return [Item(f"{Product.CODE_PREFIX}{product}", quantity) for product, quantity in cursor.fetchall()]


def _write(
    placement: Placement,
    retailer: Any,
    address: dict[str, Any],
    parts: Sequence[VendorPart],
    order_keys: Sequence[int],
    *,
    by: Any,
) -> Checkout:
    by_card = placement.payment_method == PaymentMethod.CARD
    total = sum((part.subtotal + part.vat for part in parts), ZERO)
    wanted = [Wanted(line.product, line.quantity, line.total) for part in parts for line in part.lines]
    buyer = buyer_of(retailer.pk, wanted[0].product)
    check_caps(buyer, wanted, by_card=by_card)
    checkout = Checkout(
        pk=retailer.checkout_key,
        retailer=retailer,
        placed_by=by,
        status=Checkout.Status.PENDING_PAYMENT if by_card else Checkout.Status.PLACED,
        payment_method=placement.payment_method,
        total=total,
        reserved_until=retailer.now + timedelta(seconds=settings.HOLD_SECONDS) if by_card else None,
        created_at=retailer.now,
    )
    insert([checkout])
    placed_at = None if by_card else retailer.now
    orders = [
        _order(placement, checkout, address, part, key, placed_at=placed_at)
        for part, key in zip(parts, order_keys, strict=True)
    ]
    insert(orders)
    lines = [_line(order, line) for order, part in zip(orders, parts, strict=True) for line in part.lines]
    insert(lines)
    for order in orders:
        preload(order, lines=[line for line in lines if line.order_id == order.pk])
    preload(checkout, orders=orders)
    return checkout


def answer_due(placed_at: datetime) -> datetime:
    """Until when a vendor has to answer an order."""
    return placed_at + timedelta(hours=settings.ORDER_ANSWER_HOURS)


def _order(
    placement: Placement,
    checkout: Checkout,
    address: dict[str, Any],
    part: VendorPart,
    key: int,
    *,
    placed_at: datetime | None,
) -> Order:
    return Order(
        pk=key,
        checkout=checkout,
        retailer=checkout.retailer,
        vendor=part.vendor,
        status=Order.Status.PENDING if placed_at else Order.Status.PENDING_PAYMENT,
        payment_method=checkout.payment_method,
        subtotal=part.subtotal,
        vat=part.vat,
        total=part.subtotal + part.vat,
        address=address,
        buyer=_party(checkout.retailer),
        seller=_party(part.vendor),
        note=placement.note,
        purchase_order_number=placement.purchase_order_number,
        placed_at=placed_at,
        answer_due_at=answer_due(placed_at) if placed_at else None,
        created_at=checkout.created_at,
    )


def _party(company: Any) -> dict[str, str]:
    return {
        "id": company.code,
        "company_name": company.company_name,
        "trn": company.trn,
        "email": company.email,
        "phone": company.phone,
        "address": getattr(company, "address", ""),
    }


def _line(order: Order, line: Any) -> OrderLine:
    product = line.product
    return OrderLine(
        order=order,
        product=product,
        name=product.name,
        name_ar=product.name_ar,
        sku=product.sku,
        barcode=product.barcode,
        unit_code=product.unit_code,
        pack_size=product.pack_size,
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_category=product.vat_category,
        vat_rate=product.vat_rate,
        subtotal=line.subtotal,
        vat=line.vat,
        total=line.total,
    )


def _tell(checkout: Checkout, orders: Sequence[Order]) -> None:
    messages = [order_message("order_created", order, to=order.buyer["id"]) for order in orders]
    if checkout.status == Checkout.Status.PLACED:
        messages += [order_message("order_received", order, to=order.seller["id"]) for order in orders]
    notifications.notify_many(messages)
