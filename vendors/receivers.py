from typing import Any

from accounts.errors import CompanyNotActive
from accounts.models import OneTimeLink
from vendors import services
from vendors.models import Vendor


def refuse_while_not_active(sender: Any, user: Any, **kwargs: Any) -> None:
    """Nobody comes back to a vendor that may not sign in. Locks it: no suspension slips in."""
    company = Vendor.objects.select_for_update().filter(members__user=user).first()
    if company is not None and company.status != Vendor.Status.ACTIVE:
        raise CompanyNotActive()


def mail_application_link(sender: Any, purpose: str, email: str, **kwargs: Any) -> None:
    """Whoever asked for the link to an application gets it, if there is one."""
    if purpose == OneTimeLink.Purpose.VENDOR_APPLICATION:
        services.mail_application_link(email)


def follow_email(sender: Any, user: Any, before: str, **kwargs: Any) -> None:
    """Where the company is reached at the person's own address, it goes on to be."""
    Vendor.objects.filter(members__user=user, email__iexact=before).update(email=user.email)
