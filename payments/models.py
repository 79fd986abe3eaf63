import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from aqad.lib.codes import Coded
from aqad.lib.moves import StatusMoves
from orders.models import PaymentMethod
from payments import links


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, user: Any) -> "PaymentQuerySet":
        """The retailer that pays, and admins."""
        if user.role == "admin":
            return self
        if user.role == "retailer":
            return self.filter(checkout__retailer__in=user.retailer_memberships.values("retailer"))
        return self.none()


class Payment(Coded):
    """One attempt to pay a checkout, or the cash to be collected for it. Amounts are AED.

    `amount_refund_pending` is money promised back but not yet confirmed by the gateway; with
    `amount_refunded` it never exceeds `amount_paid`, which the database enforces.
    """

    CODE_PREFIX = "PAY"

    class Status(models.TextChoices):
        PENDING = "pending"
        PAID = "paid"
        FAILED = "failed"
        EXPIRED = "expired"
        CANCELLED = "cancelled"
        PARTIALLY_REFUNDED = "partially_refunded"
        REFUNDED = "refunded"

    TRANSITIONS: ClassVar = {
        Status.PENDING: (Status.PAID, Status.FAILED, Status.EXPIRED, Status.CANCELLED),
        # Money that arrives late is never lost: an ended payment can still turn out paid.
        Status.FAILED: (Status.PAID,),
        Status.EXPIRED: (Status.PAID,),
        Status.CANCELLED: (Status.PAID,),
        Status.PAID: (Status.PARTIALLY_REFUNDED, Status.REFUNDED),
        Status.PARTIALLY_REFUNDED: (Status.REFUNDED,),
    }

    checkout = models.ForeignKey("orders.Checkout", on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=20, choices=PaymentMethod)
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    amount_paid = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    amount_refund_pending = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    amount_refunded = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    gateway = models.CharField(max_length=40, blank=True, help_text="Empty for cash.")
    gateway_session = models.CharField(max_length=120, blank=True)
    gateway_url = models.CharField(max_length=500, blank=True)
    idempotency_key = models.UUIDField(default=uuid.uuid4, editable=False)
    failure_reason = models.CharField(max_length=300, blank=True)
    poll_at = models.DateTimeField(null=True, help_text="When the gateway is asked for its state next.")
    cancel_at = models.DateTimeField(
        null=True, help_text="When the gateway is told next that this one ended."
    )
    cancel_attempts = models.PositiveSmallIntegerField(default=0)
    paid_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkout"], condition=Q(status="pending"), name="payment_one_pending_per_checkout"
            ),
            models.UniqueConstraint(
                fields=["gateway", "gateway_session"],
                condition=~Q(gateway_session=""),
                name="payment_session_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount__gte=0, amount_paid__gte=0, amount_refunded__gte=0, amount_refund_pending__gte=0
                ),
                name="payment_amounts_not_negative",
            ),
            models.CheckConstraint(condition=Q(amount_paid__lte=F("amount")), name="payment_not_overpaid"),
            models.CheckConstraint(
                condition=Q(amount_paid__gte=F("amount_refunded") + F("amount_refund_pending")),
                name="payment_refund_within_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="payment_age"),
            models.Index(fields=["status", "-id"], name="payment_status"),
            models.Index(
                fields=["gateway_session"], name="payment_session", condition=~Q(gateway_session="")
            ),
            models.Index(fields=["poll_at"], name="payment_poll", condition=Q(poll_at__isnull=False)),
            models.Index(fields=["cancel_at"], name="payment_cancel", condition=Q(cancel_at__isnull=False)),
        ]
        triggers = [StatusMoves()]

    @property
    def summary(self) -> dict[str, str]:
        """What an order says of its payment."""
        return {"id": self.code, "status": self.status, "method": self.method}

    @property
    def answer(self) -> dict[str, Any]:
        """The payment as the API shows it; `redirect_url` only while it can still be paid there."""
        is_pending = self.status == self.Status.PENDING  # and nothing was paid that could go back
        return {
            **self.summary,
            "checkout": f"CHK{self.checkout_id}",
            "amount": f"{self.amount:.2f}",
            "currency": settings.CURRENCY,
            "amount_paid": f"{self.amount_paid:.2f}",
            "amount_refunded": f"{self.amount_refunded:.2f}",
            "failure_reason": self.failure_reason,
            "redirect_url": links.pay_url(self) if self.gateway and is_pending else None,
            "refunds": [] if is_pending else [refund.answer for refund in self.refunds.all()],
            "created_at": self.created_at,
        }


class Refund(models.Model):
    """Money that goes back. Its allocations say for which orders."""

    class Status(models.TextChoices):
        PENDING = "pending"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    TRANSITIONS: ClassVar = {Status.PENDING: (Status.SUCCEEDED, Status.FAILED)}

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    idempotency_key = models.UUIDField(default=uuid.uuid4, editable=False)
    gateway_reference = models.CharField(max_length=120, blank=True)
    failure_reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, db_default=Now(), help_text="When the gateway is asked next.")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive")]
        indexes = [models.Index(fields=["due_at"], name="refund_due", condition=Q(status="pending"))]
        triggers = [StatusMoves()]

    def __str__(self) -> str:
        return f"{self.amount} AED of PAY{self.payment_id}"

    @property
    def code(self) -> str:
        return f"PAY{self.payment_id}/refund/{self.pk}"

    @property
    def answer(self) -> dict[str, Any]:
        """The refund as the API shows it."""
        return {
            "id": self.pk,
            "amount": f"{self.amount:.2f}",
            "status": self.status,
            "reason": self.reason,
            "orders": [
                {"order": f"ORD{part.order_id}", "amount": f"{part.amount:.2f}"}
                for part in self.allocations.all()
            ],
            "created_at": self.created_at,
        }


class RefundAllocation(models.Model):
    """The part of a refund that belongs to one order."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="allocations", db_index=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="refund_allocations")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "order"], name="allocation_once_per_order"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} AED of ORD{self.order_id}"


class WebhookEvent(models.Model):
    """The inbox of what gateways told us, each event once."""

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        IGNORED = "ignored"
        DEAD = "dead"

    gateway = models.CharField(max_length=40)
    event_id = models.CharField(max_length=120)
    type = models.CharField(max_length=60)
    session_id = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    refund_reference = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="webhook_event_once")]
        indexes = [
            models.Index(fields=["due_at"], name="webhook_due", condition=Q(status="pending")),
            models.Index(
                fields=["received_at"], name="webhook_open", condition=Q(status__in=["pending", "dead"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.type} {self.event_id}"
