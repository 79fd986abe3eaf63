"""Which partner carries an order: chosen when it is ready, again while nobody can, or by hand."""

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.db import OperationalError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rights
from aqad.lib.database import is_conflict
from aqad.lib.errors import Invalid, InvalidTransition
from audit import services as audit
from delivery.messages import partner_message, waiting_message
from delivery.models import Delivery, DeliveryPartner
from delivery.services.locking import lock_with_order
from notifications import services as notifications
from orders.models import Order, PaymentMethod

log = structlog.get_logger(__name__)

Status = Delivery.Status
WITHIN = timedelta(days=1)  # from assignment to arrival, as retailers are told


@transaction.atomic
def assign_delivery(order: Order) -> Delivery:
    """Create the delivery of an order that became ready and give it to a partner, if one serves its emirate.

    The order is locked by the caller. Tells the partner's drivers, or operations.
    """
    emirate = order.address["emirate"]
    partner = _least_busy(emirate)
    cash = order.payment_method == PaymentMethod.CASH_ON_DELIVERY
    delivery = Delivery.objects.create(
        order=order,
        partner=partner,
        status=Status.ASSIGNED if partner else Status.UNASSIGNED,
        emirate=emirate,
        pin=f"{secrets.randbelow(10_000):04d}",
        amount_to_collect=order.total if cash else Decimal("0.00"),
        eta=timezone.now() + WITHIN if partner else None,
    )
    audit.record(
        None,
        "created",
        delivery,
        to_status=delivery.status,
        data={"partner": partner.code if partner else None},
    )
    if partner:
        notifications.notify_many([partner_message("delivery_assigned", delivery, order, partner)])
    else:
        notifications.notify_many([waiting_message(delivery, order)])
    return delivery


@transaction.atomic
def assign_by_hand(order: Order, partner: DeliveryPartner, *, by: Any) -> Delivery:
    """Give an order's delivery to a partner, also outside the partner's emirates, until it is picked up.

    The same partner again changes nothing. The partner before is told and no longer sees it. Locks order and
    delivery. Raises Invalid on `partner` when it is inactive, InvalidTransition when the order is not ready,
    Forbidden.
    """
    rights.require(by, "delivery.change_delivery")
    if not partner.is_active:
        raise Invalid(errors={"partner": [_("This delivery partner is not active.")]})
    found = Delivery.objects.filter(order=order).first()
    if found is None:
        raise InvalidTransition()
    order, delivery = lock_with_order(found)
    if delivery.status not in Delivery.BEFORE_PICK_UP:
        raise InvalidTransition()
    if delivery.partner_id != partner.pk:
        _give(delivery, order, partner, by=by)
    return delivery


def assign_waiting() -> int:
    """Try again for what waits for a partner or was given to one that is no longer active.

    Returns how many found one. Each in a transaction of its own; safe to run twice.
    """
    served = {code for codes in _active().values_list("emirates", flat=True) for code in codes}
    waiting = Delivery.objects.filter(
        Q(status=Status.UNASSIGNED, emirate__in=served) | Q(status=Status.ASSIGNED, partner__is_active=False)
    )
    return sum(_try_again(delivery) for delivery in waiting.order_by("pk")[:200])


def _try_again(found: Delivery) -> bool:
    try:
        return _assign_again(found)
    except OperationalError as error:
        if not is_conflict(error):
            raise
        log.info("delivery is busy, the next sweep tries again", delivery=found.code)
        return False


@transaction.atomic
def _assign_again(found: Delivery) -> bool:
    order, delivery = lock_with_order(found)
    idle = delivery.partner is not None and not delivery.partner.is_active
    if not (delivery.status == Status.UNASSIGNED or (delivery.status == Status.ASSIGNED and idle)):
        return False
    partner = _least_busy(delivery.emirate)
    if partner is not None:
        _give(delivery, order, partner, by=None)
    elif idle and delivery.partner is not None:
        _take_back(delivery, order, delivery.partner)
    return partner is not None


@transaction.atomic
def cancel_delivery(order: Order, *, by: Any, reason: str) -> None:
    """The order was cancelled: nobody picks it up. The order is locked by the caller, the delivery here.

    Does nothing where the order has no delivery. Raises InvalidTransition once it was picked up.
    """
    delivery = (
        Delivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner")
        .filter(order=order)
        .first()
    )
    if delivery is None:
        return
    audit.transition(delivery, Status.CANCELLED, by=by, verb="cancelled", reason=reason)
    if delivery.partner:
        notifications.notify_many([partner_message("delivery_cancelled", delivery, order, delivery.partner)])


def _least_busy(emirate: str) -> DeliveryPartner | None:
    open_work = Count("deliveries", filter=Q(deliveries__status__in=Delivery.OPEN))
    able = _active().filter(emirates__contains=[emirate])
    return able.annotate(open_work=open_work).order_by("open_work", "pk").first()


def _active() -> QuerySet[DeliveryPartner]:
    return DeliveryPartner.objects.filter(is_active=True)


def _give(delivery: Delivery, order: Order, partner: DeliveryPartner, *, by: Any) -> None:
    """Hand a locked delivery that is not picked up yet to `partner`."""
    before, eta = delivery.partner, timezone.now() + WITHIN
    if delivery.status == Status.UNASSIGNED:
        audit.transition(delivery, Status.ASSIGNED, by=by, verb="assigned", partner=partner, eta=eta)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(partner=partner, eta=eta)
        delivery.partner, delivery.eta = partner, eta
        codes = {"from": before.code if before else None, "to": partner.code}
        audit.record(by, "re-assigned", delivery, data=codes)
    told = [partner_message("delivery_assigned", delivery, order, partner)]
    if before:
        told.append(partner_message("delivery_reassigned", delivery, order, before))
    notifications.notify_many(told)


def _take_back(delivery: Delivery, order: Order, partner: DeliveryPartner) -> None:
    audit.transition(delivery, Status.UNASSIGNED, by=None, verb="took back", partner=None, eta=None)
    notifications.notify_many(
        [
            partner_message("delivery_reassigned", delivery, order, partner),
            waiting_message(delivery, order),
        ]
    )
