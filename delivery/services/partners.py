"""Delivery partners and the people who drive for them. Written by admins only."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import rights
from accounts import services as accounts
from accounts.models import User
from aqad.lib.errors import AlreadyExists
from aqad.lib.wakeup import wake
from audit import services as audit
from delivery.models import DeliveryPartner, Driver


@transaction.atomic
def create_partner(
    *, name: str, phone: str, emirates: Sequence[str], is_active: bool = True, by: Any
) -> DeliveryPartner:
    """Create a partner; deliveries that wait in its emirates are assigned soon after.

    Raises AlreadyExists on `name`, Forbidden.
    """
    rights.require(by, "delivery.add_deliverypartner")
    partner = DeliveryPartner(name=name, phone=phone, emirates=_in_order(emirates), is_active=is_active)
    _save(partner)
    audit.record(by, "created", partner)
    wake("delivery.tasks.assign_waiting")
    return partner


@transaction.atomic
def update_partner(partner: DeliveryPartner, *, by: Any, **changes: Any) -> DeliveryPartner:
    """Change `name`, `phone`, `emirates` or `is_active`. Raises AlreadyExists on `name`, Forbidden.

    An inactive partner gets no more work: what it has not picked up goes to others soon after; what it
    carries already it delivers, so its drivers can still sign in.
    """
    rights.require(by, "delivery.change_deliverypartner")
    if "emirates" in changes:
        changes["emirates"] = _in_order(changes["emirates"])
    for name, value in changes.items():
        setattr(partner, name, value)
    _save(partner)
    audit.record(by, "changed", partner, data={"fields": sorted(changes)})
    wake("delivery.tasks.assign_waiting")
    return partner


@transaction.atomic
def add_driver(
    partner: DeliveryPartner,
    *,
    name: str,
    email: str,
    phone: str,
    password: str | None = None,
    is_active: bool = True,
    by: Any,
) -> Driver:
    """Create a driver, who is invited by mail unless there is a password.

    Raises AlreadyExists on `email`, Invalid on `password`, Forbidden.
    """
    rights.require(by, "delivery.add_driver")
    user = accounts.create_user(
        email=email,
        password=password,
        name=name,
        phone=phone,
        role=User.Role.DRIVER,
        access=_access(is_active=is_active),
        code=partner.code,
        company=partner.name,
    )
    driver = Driver.objects.create(partner=partner, user=user, is_active=is_active)
    audit.record(by, "created", driver, data={"email": user.email})
    if password is None and is_active:
        accounts.invite(user, company=partner.name)
    return driver


@transaction.atomic
def update_driver(driver: Driver, *, by: Any, is_active: bool | None = None, **person: Any) -> Driver:
    """Change the person's `name` or `phone`, or end and restore access. Raises Forbidden.

    Ending access ends every session at once; another driver of the partner may take over what is on the road.
    """
    rights.require(by, "delivery.change_driver")
    if person:
        accounts.update_person(driver.user, by=by, **person)
    if is_active is not None and is_active != driver.is_active:
        driver.is_active = is_active
        driver.save(update_fields=["is_active"])
        accounts.set_person_access(driver.user, _access(is_active=is_active), by=by)
    audit.record(by, "changed", driver)
    return driver


def _save(partner: DeliveryPartner) -> None:
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as error:
        raise AlreadyExists(errors={"name": [_("There is a delivery partner of this name.")]}) from error


def _in_order(emirates: Sequence[str]) -> list[str]:
    return sorted(set(emirates))


def _access(*, is_active: bool) -> str:
    return User.Access.ACTIVE if is_active else User.Access.DEACTIVATED
