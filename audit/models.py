from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from aqad.lib.moves import AppendOnly


class Entry(models.Model):
    """One business event: who did what to which object, when, from where.

    Append-only; the database refuses UPDATE and DELETE. It is also the history of every status:
    the timeline of ORD1001 is the entries about it that carry a `to_status`.
    """

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    actor_label = models.CharField(max_length=80)
    verb = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=40)
    object_code = models.CharField(max_length=80)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    data = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_code", "id"], name="audit_object"),
            models.Index(fields=["actor", "id"], name="audit_actor"),
            models.Index(fields=["request_id"], name="audit_request", condition=~models.Q(request_id="")),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.verb} {self.object_kind} {self.object_code}"
