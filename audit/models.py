import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from aqad.lib.moves import AppendOnly


class KnownBeforeNumbered(pgtrigger.Trigger):
    """Gives the inserting transaction its id before its rows get theirs: see SealHead."""

    name, level = "known_before_numbered", pgtrigger.Statement
    when, operation = pgtrigger.Before, pgtrigger.Insert
    func = "PERFORM pg_current_xact_id(); RETURN NULL;"

    def __init__(self) -> None:
        super().__init__(
            name=self.name, level=self.level, when=self.when, operation=self.operation, func=self.func
        )


class Entry(models.Model):
    """One business event: who did what to which object, when, from where.

    Append-only; the database refuses UPDATE and DELETE. It is also the history of every status:
    the timeline of ORD1001 is the entries about it that carry a `to_status`.
    """

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        db_index=False,
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
        permissions = [("export_lists", "Can take lists of the admin site away as files")]
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_code", "id"], name="audit_object"),
            models.Index(fields=["actor", "id"], name="audit_actor"),
            models.Index(fields=["request_id"], name="audit_request", condition=~models.Q(request_id="")),
            BrinIndex(fields=["at"], name="audit_age", autosummarize=True),
        ]
        triggers = [AppendOnly(), KnownBeforeNumbered()]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.verb} {self.object_kind} {self.object_code}"


class Seal(models.Model):
    """Proof of the entries `first_id` to `last_id`, chained to the seal before. Append-only.

    `digests` holds each entry's id (8 bytes) and SHA-256 (32 bytes) in the order of ids, so that the one that
    was changed, left out or slipped in can be named. Ids in the range that no digest names never were a row.
    """

    number = models.BigIntegerField(primary_key=True)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    digests = models.BinaryField()
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class SealHead(models.Model):
    """Where the chain ends, and up to where the next seal may go. One row.

    Entries are numbered before they are committed, so a lower id may appear after a higher one. `mark_id` is
    the highest id at a moment when every transaction that had numbered an entry was older than `mark_xid`:
    once all of those have ended, no entry up to `mark_id` can still appear.
    """

    number = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    mark_id = models.BigIntegerField(default=0)
    mark_xid = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "end of the seals"
        verbose_name_plural = "end of the seals"

    def __str__(self) -> str:
        return f"Seal {self.number}"
