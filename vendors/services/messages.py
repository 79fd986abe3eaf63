"""What vendors are told, made in one place so that a decision can be read before it goes out."""

from typing import Any

from notifications.services import Message
from vendors import selectors
from vendors.models import Vendor, VendorDocument

APPLICATION = "/apply/{token}"
DOCUMENTS = "/sell/company#documents"
_KINDS = {
    "approve": "vendor_approved",
    "reject": "vendor_rejected",
    "suspend": "vendor_suspended",
    "reinstate": "vendor_reinstated",
}


def about_vendor(kind: str, vendor: Vendor, **context: Any) -> Message:
    return Message(kind, [vendor.code], vendor.code, {"company": vendor.company_name, **context})


def decision_message(step: str, vendor: Vendor, reason: str = "") -> Message:
    """What a decision tells the vendor. A link to the application has its secret only once it is sent."""
    context: dict[str, Any] = {"reason": reason} if reason else {}
    if step == "reject":
        context |= {"documents": _to_mend(vendor), "link": APPLICATION}
    return about_vendor(_KINDS[step], vendor, **context)


def selling_message(kind: str, vendor: Vendor) -> Message:
    return (
        about_vendor(kind, vendor, link=DOCUMENTS) if kind == "vendor_paused" else about_vendor(kind, vendor)
    )


def _to_mend(vendor: Vendor) -> list[dict[str, str]]:
    return [
        {"kind": each.kind, "note": each.note}
        for each in selectors.current_documents(vendor)
        if each.status == VendorDocument.Status.REJECTED
    ]
