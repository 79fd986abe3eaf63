"""Every write about vendors, by topic."""

from vendors.services.applications import (
    correct_application,
    mail_application_link,
    register_vendor,
    send_application_link,
)
from vendors.services.decisions import approve_vendor, reinstate_vendor, reject_vendor, suspend_vendor
from vendors.services.documents import accept_document, reject_document, renew_document
from vendors.services.messages import decision_message
from vendors.services.profiles import update_profile
from vendors.services.retention import forget_applications, forget_replaced_papers
from vendors.services.validity import pause_lapsed_vendors, remind_of_expiry

__all__ = [
    "accept_document",
    "approve_vendor",
    "correct_application",
    "decision_message",
    "forget_applications",
    "forget_replaced_papers",
    "mail_application_link",
    "pause_lapsed_vendors",
    "register_vendor",
    "reinstate_vendor",
    "reject_document",
    "reject_vendor",
    "remind_of_expiry",
    "renew_document",
    "send_application_link",
    "suspend_vendor",
    "update_profile",
]
