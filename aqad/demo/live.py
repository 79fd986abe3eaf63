"""What happens as the demo starts: a few orders through the services, as people would place them now.

Abu Dhabi's shops do the shopping: one partner serves them, so FastTrack stays the one with the least to do.
"""

from collections.abc import Callable

from django.conf import settings

from accounts.models import User
from aqad.demo.companies import BUYERS
from catalog.models import Product
from delivery import services as delivery
from delivery.models import Delivery, Driver
from orders import services as orders
from orders.models import Order, PaymentMethod
from retailers.models import Retailer

AL_NOOR, CORNICHE = BUYERS[1], BUYERS[5]
CARD, CASH = PaymentMethod.CARD, PaymentMethod.CASH_ON_DELIVERY


def start_the_day() -> None:
    """Place orders and carry each a little further than the one before. Call it in the demo's transaction."""
    _carry(_place(AL_NOOR.email, CASH, ("DET-SOAP", 2), ("YAS-WASH", 4)), _accept, _pack, _deliver)
    _carry(_place(AL_NOOR.email, CASH, ("SAN-FL10", 20), ("SAN-SUG", 10)), _accept, _pack)
    _carry(_place(CORNICHE.email, CASH, ("NOO-1800", 6), ("TID-3", 4)), _accept)
    _carry(_place(CORNICHE.email, CASH, ("ALM-LABAN", 8)), _cancel)
    _place(AL_NOOR.email, CASH, ("7UP-330", 10), ("GAL-40", 12), ("COC-330", 20))
    if settings.GATEWAY:
        _place(CORNICHE.email, CARD, ("MAI-1500", 40), ("LAY-SALT", 6))


def _place(email: str, method: str, *basket: tuple[str, int]) -> list[Order]:
    retailer = Retailer.objects.get(email=email)
    codes = {
        product.sku: product.code for product in Product.objects.filter(sku__in=[sku for sku, _ in basket])
    }
    placement = orders.Placement(
        items=[orders.Item(codes[sku], quantity) for sku, quantity in basket],
        address=retailer.addresses.get(is_default=True).pk,
        payment_method=method,
    )
    checkout = orders.place_checkout(placement, by=User.objects.get(code=retailer.code))
    return list(checkout.orders.all())


def _carry(placed: list[Order], *steps: Callable[[Order], object]) -> None:
    for order in placed:
        for step in steps:
            step(order)


def _seller(order: Order) -> User:
    return User.objects.get(code=order.vendor.code)


def _accept(order: Order) -> None:
    orders.accept_order(order, by=_seller(order))


def _pack(order: Order) -> None:
    orders.mark_ready(order, by=_seller(order))


def _cancel(order: Order) -> None:
    orders.cancel_order(order, reason="We found some in the back room.", by=order.checkout.placed_by)


def _deliver(order: Order) -> None:
    """The partner's first driver takes it all the way and asks for the PIN."""
    found = Delivery.objects.get(order=order)
    driver = Driver.objects.filter(partner=found.partner).earliest("pk").user
    for status in ("picked_up", "out_for_delivery", "delivered"):
        step = delivery.Step(status, pin=found.pin if status == "delivered" else "")
        proof = delivery.prepare_step(found, step, photo=None, by=driver)
        found = delivery.report_step(found, step, proof=proof, by=driver)
