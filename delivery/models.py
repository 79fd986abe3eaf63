from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from aqad.lib import uae
from aqad.lib.codes import Coded
from aqad.lib.moves import StatusMoves


class DeliveryPartner(Coded):
    """A company that carries goods for AQAD in some emirates."""

    CODE_PREFIX = "DP"

    name = models.CharField(max_length=120, unique=True)
    phone = models.CharField(max_length=20)
    emirates = ArrayField(models.CharField(max_length=3, choices=uae.EMIRATES))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [GinIndex(fields=["emirates"], name="partner_emirates")]


class Driver(models.Model):
    """A person who drives for a delivery partner."""

    partner = models.ForeignKey(DeliveryPartner, on_delete=models.PROTECT, related_name="drivers")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="driver")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"driver {self.pk} of DP{self.partner_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """Admins see all, a driver the own partner's, a retailer and a vendor those of their orders."""
        if user.role == "admin":
            return self
        if user.role == "driver":
            return self.filter(partner__in=Driver.objects.filter(user=user, is_active=True).values("partner"))
        if user.role == "retailer":
            return self.filter(order__retailer__in=user.retailer_memberships.values("retailer"))
        if user.role == "vendor":
            return self.filter(order__vendor__in=user.vendor_memberships.values("vendor"))
        return self.none()


class Delivery(Coded):
    """The carriage of one order from the vendor to the retailer."""

    CODE_PREFIX = "DEL"

    class Status(models.TextChoices):
        UNASSIGNED = "unassigned"
        ASSIGNED = "assigned"
        PICKED_UP = "picked_up"
        OUT_FOR_DELIVERY = "out_for_delivery"
        DELIVERED = "delivered"
        FAILED = "failed"
        RETURNED = "returned"
        CANCELLED = "cancelled"

    TRANSITIONS: ClassVar = {
        Status.UNASSIGNED: (Status.ASSIGNED, Status.CANCELLED),
        Status.ASSIGNED: (Status.PICKED_UP, Status.UNASSIGNED, Status.CANCELLED),
        Status.PICKED_UP: (Status.OUT_FOR_DELIVERY,),
        Status.OUT_FOR_DELIVERY: (Status.DELIVERED, Status.FAILED),
        Status.FAILED: (Status.OUT_FOR_DELIVERY, Status.RETURNED),
    }

    OPEN: ClassVar = (Status.ASSIGNED, Status.PICKED_UP, Status.OUT_FOR_DELIVERY, Status.FAILED)
    BEFORE_PICK_UP: ClassVar = (Status.UNASSIGNED, Status.ASSIGNED)

    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="delivery")
    partner = models.ForeignKey(
        DeliveryPartner,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    driver = models.ForeignKey(
        Driver, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    status = models.CharField(max_length=20, choices=Status, default=Status.UNASSIGNED)
    emirate = models.CharField(max_length=3, choices=uae.EMIRATES)
    pin = models.CharField("PIN", max_length=4)
    pin_failures = models.PositiveSmallIntegerField(default=0)
    amount_to_collect = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    eta = models.DateTimeField("ETA", null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | Q(status__in=["unassigned", "cancelled"]),
                name="delivery_has_partner_once_assigned",
            ),
            models.CheckConstraint(
                condition=Q(amount_to_collect__gte=0), name="delivery_collect_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "status", "-id"], name="delivery_partner_status"),
            models.Index(fields=["eta"], name="delivery_eta"),
            models.Index(fields=["emirate"], name="delivery_waiting", condition=Q(status="unassigned")),
        ]
        triggers = [StatusMoves()]

    @classmethod
    def moves_from(cls, status: str) -> tuple[str, ...]:
        """Where a delivery in this status may go."""
        return cls.TRANSITIONS.get(cls.Status(status), ())

    @property
    def summary(self) -> dict[str, Any]:
        """What an order tells of its delivery, without a further statement."""
        partner = f"{DeliveryPartner.CODE_PREFIX}{self.partner_id}" if self.partner_id else None
        return {"id": self.code, "status": self.status, "partner": partner, "eta": self.eta}


class DeliveryEvent(models.Model):
    """A step as the driver reported it: where, when, and what was noted or photographed."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(max_length=20, choices=Delivery.Status)
    note = models.CharField(max_length=500, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    photo = models.CharField(max_length=200, blank=True, help_text="Key in the private storage.")
    occurred_at = models.DateTimeField(db_default=Now(), help_text="By the driver's clock where it was told.")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.status} DEL{self.delivery_id}"
