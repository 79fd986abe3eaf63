"""Orders, checkouts and carts as the API shows them."""

from decimal import Decimal
from typing import Any

from django.conf import settings

from orders import selectors
from orders.cart import CartGroup, CartLine, cart_of_parts
from orders.models import Checkout, Order, OrderLine
from retailers.models import Retailer


def line_answer(line: OrderLine) -> dict[str, Any]:
    return {
        "product": f"P{line.product_id}",
        "name": line.name,
        "name_ar": line.name_ar,
        "sku": line.sku,
        "unit_code": line.unit_code,
        "pack_size": line.pack_size,
        "quantity": line.quantity,
        "unit_price": _money(line.unit_price),
        "vat_rate": _money(line.vat_rate),
        "subtotal": _money(line.subtotal),
        "vat": _money(line.vat),
        "total": _money(line.total),
    }


def order_answer(order: Order) -> dict[str, Any]:
    """One order; expects what `selectors.loaded` loads, or a freshly placed one."""
    return {
        "id": order.code,
        "checkout": f"CHK{order.checkout_id}",
        "status": order.status,
        "vendor": {"id": order.seller["id"], "company_name": order.seller["company_name"]},
        "retailer": {"id": order.buyer["id"], "company_name": order.buyer["company_name"]},
        "payment_method": order.payment_method,
        "lines": [line_answer(line) for line in order.lines.all()],
        "subtotal": _money(order.subtotal),
        "vat": _money(order.vat),
        "delivery_fee": _money(order.delivery_fee),
        "total": _money(order.total),
        "currency": settings.CURRENCY,
        "address": order.address,
        "note": order.note,
        "purchase_order_number": order.purchase_order_number,
        "reason": order.reason,
        "placed_at": order.placed_at,
        "created_at": order.created_at,
    }


def order_in_list(order: Order) -> dict[str, Any]:
    payment = selectors.newest_payment(order.checkout)
    delivery = getattr(order, "delivery", None)
    return {
        **order_answer(order),
        "payment": payment.summary if payment else None,
        "delivery": delivery.summary if delivery else None,
        "invoice": None,
    }


def order_detail(order: Order, *, reader: Any) -> dict[str, Any]:
    return {
        **order_in_list(order),
        "buyer": order.buyer,
        "seller": order.seller,
        "timeline": selectors.timeline(order, reader=reader),
    }


def checkout_answer(checkout: Checkout) -> dict[str, Any]:
    """The checkout with its orders and its newest payment: the answer to placing, and to reading it back."""
    payment = selectors.newest_payment(checkout)
    return {
        "checkout": {
            "id": checkout.code,
            "status": checkout.status,
            "total": _money(checkout.total),
            "currency": settings.CURRENCY,
            "payment_method": checkout.payment_method,
            "reserved_until": checkout.reserved_until,
            "created_at": checkout.created_at,
        },
        "orders": [order_answer(order) for order in checkout.orders.all()],
        "payment": payment.answer if payment else None,
    }


def cart_answer(retailer: Retailer) -> dict[str, Any]:
    cart = cart_of_parts(selectors.cart_lines(retailer))
    return {
        "vendors": [_cart_group(group) for group in cart.groups],
        "count": cart.count,
        "subtotal": _money(cart.subtotal),
        "vat": _money(cart.vat),
        "total": _money(cart.total),
        "currency": settings.CURRENCY,
        "can_be_ordered": cart.can_be_ordered,
    }


def _cart_group(group: CartGroup) -> dict[str, Any]:
    part = group.part
    return {
        "vendor": {"id": part.vendor.code, "company_name": part.vendor.company_name},
        "lines": [_cart_line(line) for line in group.lines],
        "subtotal": _money(part.subtotal),
        "vat": _money(part.vat),
        "total": _money(group.total),
        "min_order_value": _money(part.vendor.min_order_value),
        "short_of_minimum": _money(part.short_of_minimum),
    }


def _cart_line(line: CartLine) -> dict[str, Any]:
    product, priced = line.product, line.priced
    return {
        "product": product.code,
        "name": product.name,
        "name_ar": product.name_ar,
        "quantity": line.quantity,
        "unit_price": _money(priced.unit_price),
        "vat_rate": _money(product.vat_rate),
        "subtotal": _money(priced.subtotal),
        "vat": _money(priced.vat),
        "total": _money(priced.total),
        "available": product.stock.available,
        "problem": line.problem,
    }


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
