from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Delivery(models.TextChoices):
    """The life of something to be sent."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class OutboxEvent(models.Model):
    """Something people must be told, written in the transaction of the change itself.

    A worker fans it out into inbox notifications and mails; `once` makes a repeated event one event.
    """

    kind = models.CharField(max_length=60)
    recipients = models.JSONField(
        help_text="Company codes and user ids; who belongs to them is read when sent."
    )
    about = models.CharField(max_length=80, blank=True)
    context = models.JSONField(default=dict)
    once = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Delivery, default=Delivery.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["once"], name="outbox_once")]
        indexes = [
            models.Index(fields=["due_at"], name="outbox_due", condition=Q(status="pending")),
            models.Index(fields=["about"], name="outbox_about"),
            models.Index(fields=["request_id"], name="outbox_request", condition=~Q(request_id="")),
            models.Index(fields=["created_at"], name="outbox_unsent", condition=~Q(status="sent")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def code(self) -> str:
        return f"event/{self.pk}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Any) -> "NotificationQuerySet":
        """The own inbox only: an admin reads other people's in the admin site, not here."""
        return self.filter(user=user)


class Notification(models.Model):
    """One line in one person's inbox."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    event = models.ForeignKey(
        OutboxEvent, on_delete=models.PROTECT, related_name="notifications", db_index=False
    )
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    about = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_inbox"),
            models.Index(fields=["user"], name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        return f"notification/{self.pk}"


class Mail(models.Model):
    """One e-mail to one person. Its text is made when it is sent, so that secret links are not kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="mails", db_index=False)
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Delivery, default=Delivery.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="mail_once")]
        indexes = [
            models.Index(fields=["due_at"], name="mail_due", condition=Q(status="pending")),
            models.Index(fields=["user", "-id"], name="mail_person"),
            models.Index(fields=["status", "-id"], name="mail_status", condition=~Q(status="sent")),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"

    @property
    def code(self) -> str:
        return f"mail/{self.pk}"
