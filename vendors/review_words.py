"""How reviewers' pages name what the audit log and the models call by a word of their own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import Entry
from notifications.kinds import DOCUMENTS
from vendors.models import Vendor

VERBS: Mapping[tuple[str, str], Any] = {
    ("Vendor", "registered"): _("Applied"),
    ("Vendor", "resubmitted"): _("Sent the application again"),
    ("Vendor", "corrected"): _("Corrected the application"),
    ("Vendor", "approved"): _("Approved the vendor"),
    ("Vendor", "rejected"): _("Rejected the application"),
    ("Vendor", "suspended"): _("Suspended the vendor"),
    ("Vendor", "reinstated"): _("Reinstated the vendor"),
    ("Vendor", "paused"): _("Paused selling"),
    ("Vendor", "resumed"): _("Let selling go on"),
    ("Vendor", "changed"): _("Changed the company's details"),
    ("Document", "uploaded"): _("Uploaded a newer document"),
    ("Document", "accepted"): _("Accepted the document"),
    ("Document", "rejected"): _("Rejected the document"),
}
FIELDS: Mapping[str, Any] = {
    "company_name": _("Company name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "trade_license_number": _("Trade licence number"),
    "trade_license_authority": _("Issued by"),
    "trade_license_expiry_date": _("Valid until"),
    "trn": _("TRN"),
    "tin": _("TIN"),
    "emirate": _("Emirate"),
    "address": _("Address"),
}
MATTERS: Mapping[str, Any] = {
    "application": _("New application"),
    "resubmission": _("Sent again"),
    "renewal": _("Renewed document"),
}
STATES: Mapping[str, Any] = {
    "pending": _("to be looked at"),
    "rejected": pgettext_lazy("document", "rejected"),
    "never": _("never sent"),
}
STEPS: Mapping[str, Any] = {
    "approve": _("Approve"),
    "reject": _("Reject the application"),
    "suspend": _("Suspend"),
    "reinstate": _("Reinstate"),
}
JUDGED: Mapping[str, Any] = {
    "accept_form": _("%(paper)s: accepted."),
    "reject_form": _("%(paper)s: rejected. The vendor reads why with the next decision."),
}
DONE: Mapping[str, Any] = {
    "approve": _("%(company)s is approved. The mail is on its way."),
    "reject": _("The application of %(company)s is rejected. The mail is on its way."),
    "suspend": _("%(company)s is suspended. The mail is on its way."),
    "reinstate": _("%(company)s is active again. The mail is on its way."),
}


def deed(entry: Entry) -> str:
    """What an entry says somebody did: `Accepted the document`, or the log's own verb."""
    return str(VERBS.get((entry.object_kind, entry.verb), entry.verb))


def paper_of(entry: Entry) -> str:
    """The document that an entry is about, "" for one about the vendor."""
    return str(DOCUMENTS.get(entry.object_code.partition("/")[2], ""))


def company_of(vendor: Vendor) -> list[tuple[str, Any, str]]:
    """The form's data as rows: column, label, value."""
    rows = []
    for name, label in FIELDS.items():
        shown = vendor.get_emirate_display() if name == "emirate" else getattr(vendor, name)
        rows.append((name, label, "" if shown is None else str(shown)))
    return rows


def corrections_in(entry: Entry | None) -> list[tuple[Any, str, str]]:
    """What an applicant mended: label, before, after; a document has no before and after."""
    if entry is None:
        return []
    changed = entry.data.get("fields", {})
    fields = [(FIELDS.get(name, name), *pair) for name, pair in changed.items()]
    return fields + [(DOCUMENTS[kind], "", "") for kind in entry.data.get("documents", [])]
