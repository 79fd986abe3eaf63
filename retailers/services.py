"""Every write about retailers and their addresses."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import rights
from accounts import services as accounts
from accounts.models import User
from audit import services as audit
from notifications import services as notifications
from retailers.models import Address, Retailer, RetailerMember

Status = Retailer.Status
RIGHT = "retailers.change_retailer"
TOLD = {Status.SUSPENDED: "retailer_suspended", Status.ACTIVE: "retailer_reinstated"}


@transaction.atomic
def register_retailer(
    *,
    email: str,
    password: str,
    name: str,
    phone: str,
    company_name: str,
    trade_license_number: str = "",
    trn: str = "",
    address: Mapping[str, Any] | None = None,
    language: str = "en",
) -> Retailer:
    """Register a company that may order at once, with its first member, who is mailed a verification link.

    Raises AlreadyExists on `email`, Invalid on `password`.
    """
    retailer = Retailer.objects.create(
        email=email,
        phone=phone,
        company_name=company_name,
        trade_license_number=trade_license_number,
        trn=trn,
    )
    user = accounts.create_user(
        email=email,
        password=password,
        name=name,
        phone=phone,
        role=User.Role.RETAILER,
        code=retailer.code,
        language=language,
        company=company_name,
    )
    RetailerMember.objects.create(retailer=retailer, user=user)
    if address:
        Address.objects.create(retailer=retailer, **{**address, "is_default": True})
    audit.record(user, "registered", retailer)
    accounts.send_verification(user)
    return retailer


@transaction.atomic
def update_profile(retailer: Retailer, *, by: User, **changes: Any) -> Retailer:
    """Change the company's own columns. Locks the retailer."""
    retailer = _locked(retailer)
    for name, value in changes.items():
        setattr(retailer, name, value)
    retailer.save(update_fields=list(changes))
    if changes:
        audit.record(by, "changed", retailer, data={"fields": sorted(changes)})
    return retailer


# Addresses: a retailer with any has exactly one default ----------------------------------------------


@transaction.atomic
def add_address(retailer: Retailer, *, by: User, is_default: bool = False, **fields: Any) -> Address:
    """Add an address; the first is the default. Locks the retailer."""
    retailer = _locked(retailer)
    is_default = is_default or not retailer.addresses.exists()
    if is_default:
        retailer.addresses.filter(is_default=True).update(is_default=False)
    address = Address.objects.create(retailer=retailer, is_default=is_default, **fields)
    audit.record(by, "added an address to", retailer, data={"address": address.pk})
    return address


@transaction.atomic
def change_address(address: Address, *, by: User, is_default: bool | None = None, **changes: Any) -> Address:
    """Change an address. Making it the default takes that from the other. Locks the retailer.

    `is_default` false is heard only where another is the default already: there is always one.
    """
    retailer = _locked(address.retailer)
    if is_default:
        retailer.addresses.filter(is_default=True).exclude(pk=address.pk).update(is_default=False)
        changes["is_default"] = True
    for name, value in changes.items():
        setattr(address, name, value)
    address.save(update_fields=list(changes))
    audit.record(
        by, "changed an address of", retailer, data={"address": address.pk, "fields": sorted(changes)}
    )
    return address


@transaction.atomic
def remove_address(address: Address, *, by: User) -> None:
    """Remove an address; the oldest that remains becomes the default if this was it. Locks the retailer."""
    retailer = _locked(address.retailer)
    address_id, was_default = address.pk, address.is_default
    address.delete()
    oldest = retailer.addresses.order_by("id").first() if was_default else None
    if oldest is not None:
        retailer.addresses.filter(pk=oldest.pk).update(is_default=True)
    audit.record(by, "removed an address of", retailer, data={"address": address_id})


# Decisions ----------------------------------------------------------------------------------------------


@transaction.atomic
def suspend_retailer(retailer: Retailer, *, reason: str, by: User | None) -> Retailer:
    """Stop a retailer and end its sessions. Locks it. Raises Forbidden, InvalidTransition."""
    return _decide(retailer, Status.SUSPENDED, by=by, verb="suspended", reason=reason)


@transaction.atomic
def reinstate_retailer(retailer: Retailer, *, by: User | None) -> Retailer:
    """Let a suspended retailer sign in again. Locks it. Raises Forbidden, InvalidTransition."""
    return _decide(retailer, Status.ACTIVE, by=by, verb="reinstated")


def _decide(
    retailer: Retailer, to: Retailer.Status, *, by: User | None, verb: str, reason: str = ""
) -> Retailer:
    rights.require(by, RIGHT)
    retailer = _locked(retailer)
    audit.transition(retailer, to, by=by, verb=verb, reason=reason)
    accounts.set_access(retailer.code, to)
    context = {"company": retailer.company_name, **({"reason": reason} if reason else {})}
    notifications.notify(TOLD[to], to=[retailer.code], about=retailer.code, context=context)
    return retailer


def _locked(retailer: Retailer) -> Retailer:
    return Retailer.objects.select_for_update().get(pk=retailer.pk)
