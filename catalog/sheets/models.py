"""What becomes of a sheet of products that a vendor sent: the import and its rows."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from aqad.lib.codes import Coded
from aqad.lib.moves import StatusMoves


class ProductImportQuerySet(models.QuerySet["ProductImport"]):
    def visible_to(self, user: Any) -> "ProductImportQuerySet":
        """A vendor's member sees the company's own, admins all."""
        if user.role == "admin":
            return self
        if user.role == "vendor":
            return self.filter(vendor__in=user.vendor_memberships.values("vendor"))
        return self.none()


class ProductImport(Coded):
    """One sheet on its way into the catalogue. `position` and `applied_to` are row numbers of the sheet."""

    CODE_PREFIX = "IMP"

    class Status(models.TextChoices):
        WAITING = "waiting"
        CHECKING = "checking"
        CHECKED = "checked"
        APPLYING = "applying"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"
        CANCELLED = "cancelled"

    TRANSITIONS: ClassVar = {
        Status.WAITING: (Status.CHECKING, Status.FAILED, Status.CANCELLED),
        Status.CHECKING: (
            Status.CHECKED,
            Status.APPLYING,
            Status.REFUSED,
            Status.FAILED,
            Status.CANCELLED,
        ),
        Status.CHECKED: (Status.APPLYING, Status.CANCELLED),
        Status.APPLYING: (Status.DONE, Status.FAILED, Status.CANCELLED),
        Status.DONE: (),
        Status.REFUSED: (),
        Status.FAILED: (),
        Status.CANCELLED: (),
    }
    RUNNING: ClassVar = (Status.WAITING, Status.CHECKING, Status.APPLYING)

    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, related_name="product_imports", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    filename = models.CharField(max_length=200)
    file = models.CharField(
        max_length=200, blank=True, help_text="Key in the private storage; empty once removed."
    )
    language = models.CharField(max_length=5, help_text="Of its reader: errors are told in it.")
    partial = models.BooleanField(
        default=False, help_text="Good rows are taken over although others are bad."
    )
    dry_run = models.BooleanField(default=False, help_text="Checked only, until somebody confirms.")
    correct_stock = models.BooleanField(
        default=False, help_text="A quantity that differs corrects the stock of a known product."
    )
    columns = models.JSONField(default=list, help_text="The field of each column, empty where unknown.")
    unknown = models.JSONField(default=list, help_text="Headings that were not understood.")
    hidden_sheets = models.JSONField(
        db_default=models.Value([], models.JSONField()),
        default=list,
        help_text="Names of hidden sheets with products, which are not read.",
    )
    problem = models.CharField(
        max_length=500, blank=True, help_text="What is wrong with the sheet as a whole."
    )
    total = models.PositiveIntegerField(null=True, help_text="Rows in the sheet, as far as it says so.")
    position = models.PositiveIntegerField(default=0)
    applied_to = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(
        db_default=0, help_text="Rows of whatever outcome that deserve a second look."
    )
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts since it came further the last time."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    began_at = models.DateTimeField(null=True, help_text="When the present step began.")
    due_at = models.DateTimeField(db_default=Now(), help_text="A worker may take it up from then on.")
    ended_at = models.DateTimeField(null=True)

    objects = ProductImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["vendor", "-id"], name="import_vendor"),
            models.Index(
                fields=["due_at"],
                name="import_due",
                condition=models.Q(status__in=["waiting", "checking", "applying"]),
            ),
        ]
        triggers = [StatusMoves()]

    @property
    def checked(self) -> int:
        """Rows looked at so far."""
        return self.new + self.changed + self.unchanged + self.refused

    @property
    def kind(self) -> str:
        """`csv` or `xlsx`; empty once the file is removed."""
        return self.file.rpartition(".")[2]

    @property
    def to_apply(self) -> int:
        return self.new + self.changed

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING


class ImportRow(models.Model):
    """One row of a sheet: what it says, and what it comes to."""

    class Outcome(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"
        UNCHANGED = "unchanged"
        REFUSED = "refused"

    sheet = models.ForeignKey(ProductImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(help_text="As the spreadsheet counts, the heading being the first.")
    key = models.CharField(max_length=80, blank=True, help_text="The SKU it gives.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=dict, help_text="Field → [old, new].")
    errors = models.JSONField(default=list, help_text="[[field, what is wrong]]")
    warnings = models.JSONField(
        db_default=models.Value([], models.JSONField()), default=list, help_text="[sentence]"
    )
    product_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["sheet", "outcome", "number"], name="import_row_outcome"),
            models.Index(fields=["sheet", "key"], name="import_row_key"),
            models.Index(fields=["sheet", "product_id"], name="import_row_product"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet.code} row {self.number}"
