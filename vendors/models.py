from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from aqad.lib import uae
from aqad.lib.business_day import TODAY
from aqad.lib.codes import Coded
from aqad.lib.moves import StatusMoves


class VendorQuerySet(models.QuerySet["Vendor"]):
    def active(self) -> "VendorQuerySet":
        return self.filter(status=Vendor.Status.ACTIVE)

    def selling(self) -> "VendorQuerySet":
        """Active ones whose documents are in order: retailers can order from them."""
        return self.active().filter(selling_paused_at=None)

    def with_papers_in_order(self, *, right: bool = True) -> "VendorQuerySet":
        """Those with an accepted document of every required kind that has not run out, or the others."""
        valid = VendorDocument.objects.filter(vendor=OuterRef("pk")).in_force()
        in_order = Q(*(Exists(valid.filter(kind=kind)) for kind in VendorDocument.REQUIRED))
        return self.filter(in_order if right else ~in_order)

    def visible_to(self, user: Any) -> "VendorQuerySet":
        """Admins see all, a vendor's member the own company, anyone else the active ones."""
        if user.is_authenticated and user.role == "admin":
            return self
        if user.is_authenticated and user.role == "vendor":
            return self.filter(Q(members__user=user) | Q(status=Vendor.Status.ACTIVE)).distinct()
        return self.active()


class Vendor(Coded):
    """A company that sells on AQAD."""

    CODE_PREFIX = "V"

    class Status(models.TextChoices):
        PENDING_APPROVAL = "pending_approval"
        ACTIVE = "active"
        REJECTED = "rejected"
        SUSPENDED = "suspended"

    TRANSITIONS: ClassVar = {
        Status.PENDING_APPROVAL: (Status.ACTIVE, Status.REJECTED),
        Status.REJECTED: (Status.PENDING_APPROVAL,),
        Status.ACTIVE: (Status.SUSPENDED,),
        Status.SUSPENDED: (Status.ACTIVE,),
    }

    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING_APPROVAL)
    company_name = models.CharField(max_length=160)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=20)
    trade_license_number = models.CharField(max_length=60)
    trade_license_authority = models.CharField(max_length=120, blank=True)
    trade_license_expiry_date = models.DateField(null=True, blank=True)
    trn = models.CharField("TRN", max_length=15)
    tin = models.CharField("TIN", max_length=10, blank=True)
    emirate = models.CharField(max_length=3, choices=uae.EMIRATES)
    address = models.CharField(max_length=300, blank=True)
    logo = models.CharField(max_length=200, blank=True, help_text="Key in the public storage.")
    min_order_value = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    decision_reason = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    selling_paused_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when a required document has run out or is not accepted any more.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = VendorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(min_order_value__gte=0), name="vendor_min_order_value_positive"
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="vendor_status")]
        triggers = [StatusMoves()]

    @property
    def is_selling(self) -> bool:
        return self.status == self.Status.ACTIVE and self.selling_paused_at is None


class VendorMember(models.Model):
    """A person who works for a vendor."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="vendor_memberships", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="vendor_member_once")]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.user_id}"


class DocumentQuerySet(models.QuerySet["VendorDocument"]):
    def in_force(self) -> "DocumentQuerySet":
        """Accepted and not run out. A document counts until the end of its last day in the UAE."""
        lasts = Q(expiry_date=None) | Q(expiry_date__gte=TODAY)
        return self.filter(lasts, status=VendorDocument.Status.ACCEPTED)


class VendorDocument(models.Model):
    """A document as it was uploaded.

    A renewal is a new row; the old one counts until the new one is decided.
    """

    class Kind(models.TextChoices):
        TRADE_LICENSE = "trade_license"
        VAT_CERTIFICATE = "vat_certificate"

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        REPLACED = "replaced"

    TRANSITIONS: ClassVar = {
        Status.PENDING: (Status.ACCEPTED, Status.REJECTED, Status.REPLACED),
        Status.ACCEPTED: (Status.REJECTED, Status.REPLACED),
        Status.REJECTED: (Status.ACCEPTED, Status.REPLACED),
    }
    REQUIRED: ClassVar = (Kind.TRADE_LICENSE, Kind.VAT_CERTIFICATE)

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    note = models.CharField(max_length=1000, blank=True)
    file = models.CharField(max_length=200, help_text="Key in the private storage.")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    expiry_date = models.DateField(
        null=True, blank=True, help_text="The last day it is valid, if it says one."
    )
    reminded_days = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="How many days ahead the last reminder was due."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "kind"], condition=Q(status="pending"), name="document_one_pending_per_kind"
            ),
            models.UniqueConstraint(
                fields=["vendor", "kind"],
                condition=Q(status="accepted"),
                name="document_one_accepted_per_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["expiry_date"], condition=Q(status="accepted"), name="document_runs_out")
        ]
        triggers = [StatusMoves()]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"V{self.vendor_id}/{self.kind}"
