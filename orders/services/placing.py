"""Placing: a basket becomes a checkout with one order per vendor, its stock held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from aqad.lib.errors import Forbidden, Invalid
from aqad.lib.money import ZERO
from aqad.lib.prefetch import preload
from audit import services as audit
from catalog.errors import OutOfStock
from catalog.services import stock
from notifications import services as notifications
from orders import events
from orders.basket import Item, VendorPart, check_basket
from orders.errors import PaymentMethodUnavailable, TooManyOpenOrders
from orders.messages import order_message
from orders.models import CartItem, Checkout, Order, OrderLine, PaymentMethod
from orders.services.holds import expire_holds_of
from orders.stock_lines import stock_lines
from retailers.models import Address, Retailer

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
    try:
        with transaction.atomic():
            return _place(placement, by=by)
    except OutOfStock as shortage:
        if not expire_holds_of(item["product"] for item in shortage.details["items"]):
            raise
        with transaction.atomic():
            return _place(placement, by=by)


def _place(placement: Placement, *, by: Any) -> Checkout:
    if placement.payment_method not in (PaymentMethod.CARD, PaymentMethod.CASH_ON_DELIVERY):
        raise PaymentMethodUnavailable()
    retailer = _lock_retailer(by)
    address = _address(retailer, placement.address)
    items = placement.items
    cart = None
    if items is None:
        cart = CartItem.objects.filter(retailer=retailer)
        items = [Item(f"P{row.product_id}", row.quantity) for row in cart]
    parts = check_basket(items)
    checkout = _write(placement, retailer, address, parts, by=by)
    if cart is not None:
        cart.delete()
    orders = list(checkout.orders.all())
    audit.record(by, "created", orders, to_status=orders[0].status)
    _tell(checkout, orders)
    events.checkout_placed.send(Checkout, checkout=checkout, orders=orders, by=by)
    stock.reserve_stock(stock_lines(orders), by=by)
    return checkout


def _lock_retailer(user: Any) -> Any:
    """The buyer's row, locked so that caps are counted right, with what is open and the database's clock."""
    open_checkouts = Checkout.objects.filter(retailer=OuterRef("pk"), status=Checkout.Status.PENDING_PAYMENT)
    open_cash = Order.objects.filter(
        retailer=OuterRef("pk"),
        payment_method=PaymentMethod.CASH_ON_DELIVERY,
        status__in=[Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.READY, Order.Status.SHIPPED],
    )
    money = DecimalField(max_digits=14, decimal_places=2)
    retailer = (
        Retailer.objects.filter(members__user=user)
        .select_for_update(of=("self",), no_key=True)
        .annotate(
            now=Now(),
            open_holds=Coalesce(_aggregate(open_checkouts, Count("pk")), 0),
            open_cash=Coalesce(
                _aggregate(open_cash, Sum("total")), Value(Decimal("0.00"), money), output_field=money
            ),
        )
        .first()
    )
    if retailer is None:
        raise Forbidden()
    return retailer


def _aggregate(rows: QuerySet[Any], what: Any) -> Subquery:
    return Subquery(rows.order_by().values("retailer").annotate(value=what).values("value"))


def _address(retailer: Retailer, wanted: int | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(wanted, Mapping):
        return {name: str(wanted.get(name, "")) for name in ADDRESS_FIELDS}
    own = Address.objects.filter(pk=wanted, retailer=retailer).values(*ADDRESS_FIELDS).first()
    if own is None:
        raise Invalid(errors={"address": [_("This is not one of your addresses.")]})
    return own


def _write(
    placement: Placement, retailer: Any, address: dict[str, Any], parts: Sequence[VendorPart], *, by: Any
) -> Checkout:
    by_card = placement.payment_method == PaymentMethod.CARD
    total = sum((part.subtotal + part.vat for part in parts), ZERO)
    _check_caps(retailer, total, by_card=by_card)
    checkout = Checkout.objects.create(
        retailer=retailer,
        placed_by=by,
        status=Checkout.Status.PENDING_PAYMENT if by_card else Checkout.Status.PLACED,
        payment_method=placement.payment_method,
        total=total,
        reserved_until=retailer.now + timedelta(seconds=settings.HOLD_SECONDS) if by_card else None,
        created_at=retailer.now,
    )
    orders = Order.objects.bulk_create(
        [
            _order(placement, checkout, address, part, placed_at=None if by_card else retailer.now)
            for part in parts
        ]
    )
    lines = OrderLine.objects.bulk_create(
        [_line(order, line) for order, part in zip(orders, parts, strict=True) for line in part.lines]
    )
    for order in orders:
        preload(order, lines=[line for line in lines if line.order_id == order.pk])
    preload(checkout, orders=orders)
    return checkout


def _check_caps(retailer: Any, total: Decimal, *, by_card: bool) -> None:
    if by_card and retailer.open_holds >= settings.MAX_OPEN_CARD_HOLDS:
        raise TooManyOpenOrders()
    if not by_card and retailer.open_cash + total > settings.MAX_OPEN_CASH_VALUE:
        raise TooManyOpenOrders()


def answer_due(placed_at: datetime) -> datetime:
    """Until when a vendor has to answer an order."""
    return placed_at + timedelta(hours=settings.ORDER_ANSWER_HOURS)


def _order(
    placement: Placement,
    checkout: Checkout,
    address: dict[str, Any],
    part: VendorPart,
    *,
    placed_at: datetime | None,
) -> Order:
    return Order(
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
