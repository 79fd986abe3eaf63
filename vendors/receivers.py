from typing import Any

from accounts.errors import CompanyNotActive
from vendors.models import Vendor


def refuse_while_not_active(sender: Any, user: Any, **kwargs: Any) -> None:
    """Nobody comes back to a vendor that may not sign in. Locks it: no suspension slips in."""
    company = Vendor.objects.select_for_update().filter(members__user=user).first()
    if company is not None and company.status != Vendor.Status.ACTIVE:
        raise CompanyNotActive()
