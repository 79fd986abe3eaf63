from typing import Any

from aqad.lib import codes
from aqad.lib.errors import Forbidden, NotFound
from retailers.models import Address, Retailer


def retailer_of(user: Any) -> Retailer:
    """The company this person works for. Raises Forbidden if there is none."""
    retailer = Retailer.objects.filter(members__user=user).first()
    if retailer is None:
        raise Forbidden()
    return retailer


def get_retailer(code: str, *, user: Any) -> Retailer:
    """The retailer with this code if `user` may see it. Raises NotFound."""
    retailer = Retailer.objects.visible_to(user).filter(pk=codes.parse(code, "R") or 0).first()
    if retailer is None:
        raise NotFound()
    return retailer


def get_address(retailer: Retailer, address_id: int) -> Address:
    """One of the retailer's own addresses. Raises NotFound."""
    address = retailer.addresses.filter(pk=address_id).first() if address_id < 2**63 else None
    if address is None:
        raise NotFound()
    return address
