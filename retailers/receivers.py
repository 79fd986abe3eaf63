from typing import Any

from accounts.errors import CompanyNotActive
from retailers.models import Retailer


def refuse_while_not_active(sender: Any, user: Any, **kwargs: Any) -> None:
    """Nobody comes back to a retailer that may not sign in. Locks it: no suspension slips in."""
    company = Retailer.objects.select_for_update().filter(members__user=user).first()
    if company is not None and company.status != Retailer.Status.ACTIVE:
        raise CompanyNotActive()


def follow_email(sender: Any, user: Any, before: str, **kwargs: Any) -> None:
    """Where the company is reached at the person's own address, it goes on to be."""
    Retailer.objects.filter(members__user=user, email__iexact=before).update(email=user.email)
