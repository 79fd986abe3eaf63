from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from aqad.lib.codes import Coded
from aqad.lib.moves import StatusMoves


class CartItem(models.Model):
    """A line of a retailer's cart."""

    retailer = models.ForeignKey(
        "retailers.Retailer", on_delete=models.CASCADE, related_name="cart_items", db_index=False
    )
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["retailer", "product"], name="cart_product_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="cart_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"P{self.product_id} × {self.quantity}"


class PaymentMethod(models.TextChoices):
    CARD = "card"
    CASH_ON_DELIVERY = "cash_on_delivery"
    BANK_TRANSFER = "bank_transfer"
    CREDIT = "credit"


class CompanyScoped(models.QuerySet[Any]):
    """What a retailer bought: seen by that retailer and by admins."""

    def visible_to(self, user: Any) -> "CompanyScoped":
        if user.role == "admin":
            return self
        if user.role == "retailer":
            return self.filter(retailer__in=user.retailer_memberships.values("retailer"))
        return self.none()


class Checkout(Coded):
    """What was bought at once, from one or several vendors: one order each, one payment at a time."""

    CODE_PREFIX = "CHK"

    class Status(models.TextChoices):
        PENDING_PAYMENT = "pending_payment"
        PLACED = "placed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    TRANSITIONS: ClassVar = {
        Status.PENDING_PAYMENT: (Status.PLACED, Status.FAILED, Status.CANCELLED),
        Status.FAILED: (Status.PENDING_PAYMENT, Status.PLACED, Status.CANCELLED),
        Status.PLACED: (),
        Status.CANCELLED: (),
    }

    retailer = models.ForeignKey(
        "retailers.Retailer", on_delete=models.PROTECT, related_name="checkouts", db_index=False
    )
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=Status)
    payment_method = models.CharField(max_length=20, choices=PaymentMethod)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    reserved_until = models.DateTimeField(null=True, help_text="When an unpaid hold runs out.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CompanyScoped.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["retailer", "-id"], name="checkout_retailer"),
            models.Index(
                fields=["reserved_until"], name="checkout_holds", condition=Q(status="pending_payment")
            ),
            models.Index(fields=["retailer"], name="checkout_open", condition=Q(status="pending_payment")),
        ]
        constraints = [models.CheckConstraint(condition=Q(total__gte=0), name="checkout_total_not_negative")]
        triggers = [StatusMoves()]


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: Any) -> "OrderQuerySet":
        """Admins see all, a retailer what it bought, a vendor what was bought from it once it is placed."""
        if user.role == "admin":
            return self
        if user.role == "retailer":
            return self.filter(retailer__in=user.retailer_memberships.values("retailer"))
        if user.role == "vendor":
            return self.filter(vendor__in=user.vendor_memberships.values("vendor"), placed_at__isnull=False)
        return self.none()


class Order(Coded):
    """One vendor's part of a checkout. It keeps what was true when it was placed."""

    CODE_PREFIX = "ORD"

    class Status(models.TextChoices):
        PENDING_PAYMENT = "pending_payment"
        PENDING = "pending"
        PROCESSING = "processing"
        READY = "ready"
        SHIPPED = "shipped"
        COMPLETED = "completed"
        FAILED = "failed"
        REJECTED = "rejected"
        CANCELLED = "cancelled"
        RETURNED = "returned"

    TRANSITIONS: ClassVar = {
        Status.PENDING_PAYMENT: (Status.PENDING, Status.FAILED, Status.CANCELLED),
        Status.FAILED: (Status.PENDING_PAYMENT, Status.PENDING),
        Status.PENDING: (Status.PROCESSING, Status.REJECTED, Status.CANCELLED),
        Status.PROCESSING: (Status.READY, Status.CANCELLED),
        Status.READY: (Status.SHIPPED, Status.CANCELLED),
        Status.SHIPPED: (Status.COMPLETED, Status.RETURNED),
    }

    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, related_name="orders", db_index=False)
    retailer = models.ForeignKey(
        "retailers.Retailer", on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    status = models.CharField(max_length=16, choices=Status)
    payment_method = models.CharField(max_length=20, choices=PaymentMethod)
    subtotal = models.DecimalField(max_digits=14, decimal_places=2)
    vat = models.DecimalField(max_digits=14, decimal_places=2)
    delivery_fee = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    address = models.JSONField(help_text="The delivery address as it was.")
    buyer = models.JSONField(help_text="The retailer as it was: company name, TRN, e-mail, phone.")
    seller = models.JSONField(help_text="The vendor as it was.")
    note = models.CharField(max_length=500, blank=True)
    purchase_order_number = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=1000, blank=True, help_text="Why rejected, cancelled or failed.")
    placed_at = models.DateTimeField(null=True, help_text="When the vendor got to see it.")
    answer_due_at = models.DateTimeField(null=True, help_text="When an unanswered order is rejected.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkout", "vendor"], name="order_one_per_vendor"),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") + F("vat") + F("delivery_fee")), name="order_total_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["retailer", "-id"], name="order_retailer"),
            models.Index(fields=["vendor", "-id"], name="order_vendor"),
            models.Index(fields=["status", "-id"], name="order_status"),
            models.Index(fields=["placed_at"], name="order_placed"),
            models.Index(
                fields=["purchase_order_number"],
                name="order_of_buyer",
                condition=~Q(purchase_order_number=""),
            ),
            models.Index(fields=["answer_due_at"], name="order_unanswered", condition=Q(status="pending")),
            models.Index(
                fields=["retailer"],
                name="order_open_cash",
                condition=Q(
                    payment_method="cash_on_delivery",
                    status__in=["pending", "processing", "ready", "shipped"],
                ),
            ),
        ]
        triggers = [StatusMoves()]


class OrderLine(models.Model):
    """A product as it was sold. The reservation of its stock is a state of the line."""

    class Reservation(models.TextChoices):
        ACTIVE = "active"
        CONSUMED = "consumed"
        RELEASED = "released"
        EXPIRED = "expired"

    # Ended at most once; only a new payment on a failed checkout makes it active again.
    RESERVATION_TRANSITIONS: ClassVar = {
        Reservation.ACTIVE: (Reservation.CONSUMED, Reservation.RELEASED, Reservation.EXPIRED),
        Reservation.RELEASED: (Reservation.ACTIVE,),
        Reservation.EXPIRED: (Reservation.ACTIVE,),
    }

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="order_lines")
    name = models.CharField(max_length=160)
    name_ar = models.CharField(max_length=160, blank=True)
    sku = models.CharField(max_length=60, blank=True)
    barcode = models.CharField(max_length=14, blank=True)
    unit_code = models.CharField(max_length=3)
    pack_size = models.CharField(max_length=60, blank=True)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=12, decimal_places=2)
    vat_category = models.CharField(max_length=1)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    subtotal = models.DecimalField(max_digits=14, decimal_places=2)
    vat = models.DecimalField(max_digits=14, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    reservation = models.CharField(max_length=10, choices=Reservation, default=Reservation.ACTIVE)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="line_product_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_quantity_positive"),
            models.CheckConstraint(condition=Q(total=F("subtotal") + F("vat")), name="line_total_adds_up"),
        ]
        indexes = [
            models.Index(fields=["product"], name="line_reserved", condition=Q(reservation="active")),
        ]
        triggers = [StatusMoves("reservation", "RESERVATION_TRANSITIONS")]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"


class ProblemReport(Coded):
    """What a buyer says is wrong with an order; operations see to it."""

    CODE_PREFIX = "PR"

    class Kind(models.TextChoices):
        MISSING = "missing", _("Something is missing")
        DAMAGED = "damaged", _("Something is damaged")
        WRONG = "wrong", _("The wrong goods came")
        LATE = "late", _("It is late")
        PAYMENT = "payment", _("Payment or refund")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    TRANSITIONS: ClassVar = {Status.OPEN: (Status.CLOSED,)}

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="problem_reports")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(max_length=1000)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-id"], name="problem_report_queue"),
            GinIndex(OpClass(Upper("text"), "gin_trgm_ops"), name="problem_report_letters"),
        ]
        triggers = [StatusMoves()]
