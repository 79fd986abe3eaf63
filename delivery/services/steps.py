"""What a driver reports on the way: picked up, on the road, handed over, or not."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import Forbidden, Invalid, InvalidTransition
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import store_private
from audit import services as audit
from delivery.errors import InvalidPin, PinLocked
from delivery.messages import step_messages
from delivery.models import Delivery, DeliveryEvent, Driver
from delivery.services.locking import lock_delivery, lock_with_order
from notifications import services as notifications
from orders import services as orders

Status = Delivery.Status
PIN_TRIES = 5
CLOCK_TOLERANCE = timedelta(minutes=5)  # phones' clocks are not ours
LAST_LEG = timedelta(hours=3)  # from "out for delivery" to arrival, as retailers are told

VERBS = {
    Status.PICKED_UP: "picked up",
    Status.OUT_FOR_DELIVERY: "took out",
    Status.DELIVERED: "delivered",
    Status.FAILED: "failed to deliver",
    Status.RETURNED: "returned",
}
# What each step does to the order. Each function locks, moves and tells.
EFFECTS: dict[str, Callable[..., Any]] = {
    Status.PICKED_UP: orders.ship_order,
    Status.DELIVERED: orders.complete_order,
    Status.RETURNED: orders.return_order,
}


@dataclass(frozen=True)
class Step:
    """A report: `occurred_at` by the driver's clock, None for now; degrees for the position."""

    status: str
    note: str = ""
    pin: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class Proof:
    """What `prepare_step` found: whether the PIN was right, and the key of the stored photo."""

    pin: bool = False
    photo: str = ""


def prepare_step(delivery: Delivery, step: Step, *, photo: CleanFile | None, by: Any) -> Proof:
    """Check the PIN and store the photo, outside the transaction of `report_step`, which is to follow.

    A wrong PIN is counted in a transaction of its own, so that the refusal does not undo the count. Wrap both
    calls in `stored_files()`. A report that is not possible anyway is left for `report_step` to refuse.
    Raises InvalidPin, Forbidden, StorageUnavailable.
    """
    if step.status not in Delivery.moves_from(delivery.status):
        return Proof()
    by_pin = step.status == Status.DELIVERED and step.pin != ""
    right = by_pin and _try_pin(delivery, step.pin, has_photo=photo is not None, by=by)
    return Proof(right, store_private(photo, f"deliveries/{delivery.code}") if photo else "")


def _try_pin(delivery: Delivery, pin: str, *, has_photo: bool, by: Any) -> bool:
    """Whether the PIN is right. The row is locked: parallel guesses get no more than PIN_TRIES either."""
    with transaction.atomic():
        locked = lock_delivery(delivery.pk)
        _driver_for(locked, by)
        exhausted = locked.pin_failures >= PIN_TRIES
        right = not exhausted and secrets.compare_digest(pin.encode(), locked.pin.encode())
        if not right and not exhausted:
            Delivery.objects.filter(pk=locked.pk).update(pin_failures=F("pin_failures") + 1)
    if exhausted and not has_photo:
        raise PinLocked()
    if not right and not exhausted:
        raise InvalidPin()
    return right


@transaction.atomic
def report_step(delivery: Delivery, step: Step, *, proof: Proof, by: Any) -> Delivery:
    """Move a delivery on, and its order with it. `proof` comes from `prepare_step`.

    Any active driver of the partner may pick up and becomes its driver; from then on only that one may
    report, or a colleague once that driver is no longer active. Locks order, delivery, payment, stock.
    Raises InvalidTransition, Forbidden, Invalid.
    """
    order, delivery = lock_with_order(delivery)
    if step.status not in VERBS or step.status not in Delivery.moves_from(delivery.status):
        raise InvalidTransition()
    driver = _driver_for(delivery, by)
    _check_step(delivery, step, proof)
    changes: dict[str, Any] = {"driver": driver}
    if step.status == Status.OUT_FOR_DELIVERY:
        changes["eta"] = timezone.now() + LAST_LEG
    verb = VERBS[Status(step.status)]
    audit.transition(delivery, step.status, by=by, verb=verb, reason=step.note, **changes)
    event = _note(delivery, step, proof)
    if effect := EFFECTS.get(step.status):
        effect(order, by=by)
    notifications.notify_many(step_messages(delivery, order, event.pk, step.note))
    return delivery


def _driver_for(delivery: Delivery, user: Any) -> Driver:
    """The user as the driver who may move this delivery now. Raises Forbidden."""
    driver = Driver.objects.filter(user=user, is_active=True, partner=delivery.partner_id).first()
    if driver is None:
        raise Forbidden()
    if delivery.driver and delivery.driver != driver and delivery.driver.is_active:
        raise Forbidden(_("A colleague of yours carries this delivery."))
    return driver


def _check_step(delivery: Delivery, step: Step, proof: Proof) -> None:
    """Refuse a report that lacks what its step needs, or that happened at an impossible time."""
    if step.status == Status.FAILED and not step.note:
        raise Invalid(errors={"note": [_("Say why it could not be delivered.")]})
    if step.status == Status.DELIVERED and not (proof.pin or proof.photo):
        raise Invalid(
            errors={"pin": [_("Enter the retailer's PIN, or take a photo of the delivered goods.")]}
        )
    earliest, latest = delivery.created_at - CLOCK_TOLERANCE, timezone.now() + CLOCK_TOLERANCE
    if step.occurred_at and not earliest <= step.occurred_at <= latest:
        raise Invalid(errors={"occurred_at": [_("This lies in the future, or before the delivery began.")]})


def _note(delivery: Delivery, step: Step, proof: Proof) -> DeliveryEvent:
    told = {"occurred_at": step.occurred_at} if step.occurred_at else {}
    return DeliveryEvent.objects.create(
        delivery=delivery,
        status=step.status,
        note=step.note,
        latitude=step.latitude,
        longitude=step.longitude,
        photo=proof.photo,
        **told,
    )
