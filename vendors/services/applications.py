"""The way of an applicant: registering, and mending what was rejected through the mailed link."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.models import OneTimeLink, User
from aqad.lib import uae
from aqad.lib.errors import Invalid, InvalidTransition
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import store_private, store_public, stored_files
from aqad.lib.text.cleaning import email_key
from aqad.lib.web import limits
from audit import services as audit
from notifications import services as notifications
from notifications.services import Message
from vendors import selectors
from vendors.models import Vendor, VendorDocument, VendorMember
from vendors.services.documents import add_document
from vendors.services.messages import APPLICATION, about_vendor

Kind = VendorDocument.Kind
Status = VendorDocument.Status


def register_vendor(
    *,
    email: str,
    password: str,
    name: str,
    phone: str,
    documents: Mapping[str, CleanFile],
    logo: CleanFile | None = None,
    language: str = "en",
    **company: Any,
) -> Vendor:
    """Register a company with its first member and mail the link to its application.

    `company` are columns of Vendor; `documents` the files by kind, every required one. Files are stored
    before the transaction and deleted again if it fails. Raises AlreadyExists on `email`, Invalid on
    `password`.
    """
    accounts.refuse_taken_email(email)
    with stored_files():
        company["logo"] = store_logo(logo) if logo else ""
        keys = {kind: store_private(file, "vendors") for kind, file in documents.items()}
        with transaction.atomic():
            vendor = Vendor.objects.create(
                email=email, phone=phone, tin=uae.tin_of(company["trn"]), **company
            )
            user = accounts.create_user(
                email=email,
                password=password,
                name=name,
                phone=phone,
                role=User.Role.VENDOR,
                access=User.Access.PENDING_APPROVAL,
                code=vendor.code,
                language=language,
                company=vendor.company_name,
            )
            VendorMember.objects.create(vendor=vendor, user=user)
            for kind, file in documents.items():
                add_document(vendor, kind, file, keys[kind], expiry_date=_expiry_of(kind, vendor))
            audit.record(user, "registered", vendor)
            _tell_with_link("vendor_registered", vendor)
    return vendor


def correct_application(vendor: Vendor, *, documents: Mapping[str, CleanFile], **changes: Any) -> Vendor:
    """Take new documents and corrected columns of a rejected application, which waits for a decision again.

    Locks the vendor. Every rejected document must be replaced and none that was accepted: Invalid under its
    kind. Raises InvalidTransition unless the application is rejected.
    """
    with stored_files():
        keys = {kind: store_private(file, "vendors") for kind, file in documents.items()}
        with transaction.atomic():
            vendor = Vendor.objects.select_for_update().get(pk=vendor.pk)
            if vendor.status != Vendor.Status.REJECTED:
                raise InvalidTransition()
            _check_replacements(vendor, set(documents))
            owner = selectors.owner_of(vendor)
            corrected = {"fields": _differences(vendor, changes), "documents": sorted(documents)}
            if "trn" in changes:
                changes["tin"] = uae.tin_of(changes["trn"])
            audit.transition(
                vendor,
                Vendor.Status.PENDING_APPROVAL,
                by=owner,
                verb="resubmitted",
                decision_reason="",
                **changes,
            )
            audit.record(owner, "corrected", vendor, data=corrected)
            for kind, file in documents.items():
                add_document(vendor, kind, file, keys[kind], expiry_date=_expiry_of(kind, vendor))
            accounts.set_access(vendor.code, User.Access.PENDING_APPROVAL)
            notifications.notify(
                "vendor_resubmitted",
                to=["staff"],
                about=vendor.code,
                context={"company": vendor.company_name},
            )
    return vendor


def send_application_link(email: str) -> None:
    """Have a new link mailed if an open application has this address. Raises RateLimited.

    Otherwise nothing happens that could be noticed or measured: the worker looks it up.
    """
    limits.check("reset", f"application:{email_key(email)}")
    accounts.request_link(email, OneTimeLink.Purpose.VENDOR_APPLICATION)


def mail_application_link(email: str) -> None:
    """Mail a new link if an open application has this address. The earlier link ends."""
    vendor = Vendor.objects.filter(
        members__user__in=User.objects.with_email(email),
        status__in=(Vendor.Status.PENDING_APPROVAL, Vendor.Status.REJECTED),
    ).first()
    if vendor is not None:
        with transaction.atomic():
            _tell_with_link("application_link", vendor)


def with_new_link(message: Message, vendor: Vendor) -> Message:
    """The message with the secret of a new link to the application; the earlier link ends."""
    nonce = accounts.issue_link(
        selectors.owner_of(vendor),
        OneTimeLink.Purpose.VENDOR_APPLICATION,
        seconds=settings.APPLICATION_LINK_SECONDS,
    )
    return replace(message, context={**message.context, "link_nonce": nonce})


def _tell_with_link(kind: str, vendor: Vendor) -> None:
    notifications.notify_many([with_new_link(about_vendor(kind, vendor, link=APPLICATION), vendor)])


def store_logo(logo: CleanFile) -> str:
    """Store a logo in a folder of its own, so that no other company's clean-up can take it away."""
    return store_public(logo, f"vendors/{uuid.uuid4().hex}")


def _expiry_of(kind: str, vendor: Vendor) -> Any:
    """What the form says of a document's end: it asks for the licence's only."""
    return vendor.trade_license_expiry_date if kind == Kind.TRADE_LICENSE else None


def _differences(vendor: Vendor, changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was there and what comes instead, by column."""
    before = {name: getattr(vendor, name) for name in changes}
    return {
        name: ["" if each is None else str(each) for each in (before[name], new)]
        for name, new in changes.items()
        if new != before[name]
    }


def _check_replacements(vendor: Vendor, sent: set[str]) -> None:
    status_of = {each.kind: each.status for each in selectors.current_documents(vendor)}
    errors: dict[str, list[Any]] = {}
    for kind in Kind.values:
        if status_of.get(kind) == Status.REJECTED and kind not in sent:
            errors[kind] = [_("This document was not accepted. Send a new one.")]
        if status_of.get(kind) == Status.ACCEPTED and kind in sent:
            errors[kind] = [_("This document is accepted already.")]
    if errors:
        raise Invalid(errors=errors)
