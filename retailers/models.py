from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from aqad.lib import uae
from aqad.lib.codes import Coded
from aqad.lib.moves import StatusMoves


class RetailerQuerySet(models.QuerySet["Retailer"]):
    def visible_to(self, user: Any) -> "RetailerQuerySet":
        """Admins see all, a member the own company, nobody else any."""
        if user.is_authenticated and user.role == "admin":
            return self
        return self.filter(members__user=user) if user.is_authenticated else self.none()


class Retailer(Coded):
    """A company that buys on AQAD."""

    CODE_PREFIX = "R"

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"

    TRANSITIONS: ClassVar = {Status.ACTIVE: (Status.SUSPENDED,), Status.SUSPENDED: (Status.ACTIVE,)}

    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    company_name = models.CharField(max_length=160)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=20)
    trade_license_number = models.CharField(max_length=60, blank=True)
    trn = models.CharField("TRN", max_length=15, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RetailerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "id"], name="retailer_status")]
        triggers = [StatusMoves()]


class RetailerMember(models.Model):
    """A person who works for a retailer."""

    retailer = models.ForeignKey(Retailer, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="retailer_memberships",
        db_index=False,
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="retailer_member_once")]

    def __str__(self) -> str:
        return f"{self.retailer_id} {self.user_id}"


class Address(models.Model):
    """Where a retailer has goods delivered. Orders keep a copy of what it was."""

    retailer = models.ForeignKey(Retailer, on_delete=models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=60, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    line1 = models.CharField(max_length=160)
    line2 = models.CharField(max_length=160, blank=True)
    area = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80, blank=True)
    emirate = models.CharField(max_length=3, choices=uae.EMIRATES)
    makani = models.CharField(max_length=12, blank=True)
    po_box = models.CharField(max_length=20, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["-is_default", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["retailer"], condition=Q(is_default=True), name="address_one_default_per_retailer"
            )
        ]

    def __str__(self) -> str:
        return self.label or self.line1
