"""How much a retailer may hold without having paid: hoarding is an attack that costs the hoarder nothing.

What is checked is counted under the lock of the buyer's row, which placing and paying again take first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from aqad.lib.money import ZERO
from aqad.lib.writing import aed
from catalog.models import Product, Stock
from orders.errors import TooManyOpenOrders
from orders.models import Checkout, Order, OrderLine, PaymentMethod
from orders.open_orders import OPEN_CASH, open_figures
from retailers.models import Retailer, RetailerMember


@dataclass(frozen=True)
class Wanted:
    """A product that is about to be held: units, and AED with VAT."""

    product: Product
    quantity: int
    total: Decimal


@dataclass(frozen=True)
class Buyer:
    """What a retailer has open: unpaid card checkouts, their AED, AED of cash orders not yet delivered."""

    key: int
    holds: int
    card: Decimal
    cash: Decimal

    @cached_property
    def is_verified(self) -> bool:
        """Whether somebody of the company has shown that the e-mail address is theirs."""
        members = RetailerMember.objects.filter(retailer=self.key)
        return members.filter(user__email_verified_at__isnull=False).exists()

    @cached_property
    def is_known(self) -> bool:
        """Verified, and some money was paid and not all of it went back."""
        paid = Checkout.objects.filter(
            retailer=self.key, payments__amount_paid__gt=F("payments__amount_refunded")
        )
        return self.is_verified and paid.exists()


def buyer_of(retailer_id: int, row: Any) -> Buyer:
    """From a row with `open_figures`, read under the lock on the buyer."""
    return Buyer(retailer_id, row.open_holds, row.open_card, row.open_cash)


def read_buyer(retailer_id: int) -> Buyer:
    """To be called under `lock_buyer`."""
    rows = Retailer.objects.filter(pk=retailer_id).annotate(**open_figures(retailer_id))
    return buyer_of(retailer_id, rows.get())


def check_caps(buyer: Buyer, wanted: Sequence[Wanted], *, by_card: bool) -> None:
    """Raises TooManyOpenOrders, which says which cap it is, its figure, and what to do."""
    if by_card and buyer.holds >= settings.MAX_OPEN_CARD_HOLDS:
        sentence = _(
            "%(open)d of your orders wait for payment, and %(cap)d is the most at once. Pay or cancel one of "
            "them, then order again."
        )
        values = {"open": buyer.holds, "cap": settings.MAX_OPEN_CARD_HOLDS}
        raise TooManyOpenOrders(sentence % values, cap="open_orders", limit=settings.MAX_OPEN_CARD_HOLDS)
    value = (buyer.card if by_card else buyer.cash) + sum((each.total for each in wanted), ZERO)
    _check_value(buyer, value, by_card=by_card)
    if value > settings.NEW_BUYER_FREE_VALUE and not buyer.is_known:
        _check_shares(buyer, wanted)


def _check_value(buyer: Buyer, value: Decimal, *, by_card: bool) -> None:
    most = settings.MAX_OPEN_CARD_VALUE if by_card else settings.MAX_OPEN_CASH_VALUE
    if value > settings.NEW_BUYER_MAX_VALUE < most and not buyer.is_known:
        most = settings.NEW_BUYER_MAX_VALUE
        sentence = _(
            "Your unpaid orders would come to %(value)s, and %(cap)s is the most until your e-mail address "
            "is verified and a first order is paid."
        )
        sentence = f"{sentence} {_what_to_do(buyer)}"
    elif by_card:
        sentence = _(
            "Your unpaid orders would come to %(value)s, and %(cap)s is the most at once. Pay or cancel an "
            "open order, or choose fewer goods."
        )
    else:
        sentence = _(
            "Your cash orders that are not delivered yet would come to %(value)s, and %(cap)s is the most at "
            "once. Pay by card, wait for a delivery, or choose fewer goods."
        )
    if value > most:
        values = {"value": aed(value), "cap": aed(Decimal(most))}
        raise TooManyOpenOrders(sentence % values, cap="open_value", limit=f"{most:.2f}")


def _check_shares(buyer: Buyer, wanted: Iterable[Wanted]) -> None:
    """Of one product a new buyer holds a part, unless what it holds is worth little."""
    lines = {each.product.pk: each for each in wanted}
    held = _held(buyer, lines)
    on_hand = dict(Stock.objects.filter(pk__in=lines).values_list("pk", "on_hand"))
    for key, line in sorted(lines.items()):
        quantity, total = held.get(key, (0, ZERO))
        most = on_hand.get(key, 0) * settings.NEW_BUYER_MAX_SHARE // 100
        if quantity + line.quantity > most and total + line.total > settings.NEW_BUYER_FREE_VALUE:
            sentence = _(
                "You would hold %(quantity)d of %(name)s unpaid, and %(cap)d is the most until your e-mail "
                "address is verified and a first order is paid."
            )
            values = {"quantity": quantity + line.quantity, "name": line.product.name_read, "cap": most}
            told = f"{sentence % values} {_what_to_do(buyer)}"
            raise TooManyOpenOrders(told, cap="stock_share", limit=most, product=line.product.code)


def _held(buyer: Buyer, products: Mapping[int, Any]) -> dict[int, tuple[int, Decimal]]:
    """Units and AED that the buyer holds unpaid of each product."""
    unpaid = Q(status=Order.Status.PENDING_PAYMENT) | Q(
        payment_method=PaymentMethod.CASH_ON_DELIVERY, status__in=OPEN_CASH
    )
    orders = Order.objects.filter(unpaid, retailer=buyer.key)
    lines = OrderLine.objects.filter(order__in=orders, product__in=products)
    rows = lines.values_list("product").annotate(Sum("quantity"), Sum("total"))
    return {product: (quantity, total) for product, quantity, total in rows}


def _what_to_do(buyer: Buyer) -> str:
    if buyer.is_verified:
        return _("Pay an open order, or choose fewer goods.")
    return _("Verify your e-mail address by the link we sent you, pay an open order, or choose fewer goods.")
