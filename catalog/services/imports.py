"""Sheets of products: taken in, confirmed, cancelled, forgotten. `import_steps` is what a worker does."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from aqad.lib.errors import AlreadyExists, Invalid, InvalidTransition
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import delete_private, store_private, stored_files
from aqad.lib.wakeup import wake
from audit import services as audit
from catalog.models import ImportRow, ProductImport
from vendors.models import Vendor

Status = ProductImport.Status
MOST_OPEN = 3
FOLDER = "imports"
TASK = "catalog.tasks.carry_on_import"


class TooManyImports(AlreadyExists):
    code = "too_many_imports"
    message = gettext_lazy("Your earlier sheets are still being worked on. Wait for them, or cancel one.")


def start_import(
    vendor: Vendor,
    sheet: CleanFile,
    *,
    by: Any,
    filename: str,
    partial: bool = False,
    dry_run: bool = False,
    correct_stock: bool = False,
) -> ProductImport:
    """Keep a sheet that passed `clean_sheet` and wake a worker. Errors will be told in the reader's language.

    Raises Invalid for a vendor that is not active, TooManyImports with MOST_OPEN at work.
    """
    if vendor.status != Vendor.Status.ACTIVE:
        raise Invalid(errors={"vendor": [_("Only an active vendor can list products.")]})
    with stored_files():
        key = store_private(sheet, f"{FOLDER}/{vendor.code}")
        with transaction.atomic():
            _check_room(vendor)
            made = ProductImport.objects.create(
                vendor=vendor,
                by=by,
                filename=filename[:200],
                file=key,
                language=get_language() or settings.LANGUAGE_CODE,
                partial=partial,
                dry_run=dry_run,
                correct_stock=correct_stock,
            )
            options = {"partial": partial, "dry_run": dry_run, "correct_stock": correct_stock}
            audit.record(by, "sent", made, data={"filename": made.filename, **options})
            wake(TASK, made.pk)
    return made


@transaction.atomic
def confirm_import(made: ProductImport, *, by: Any, partial: bool) -> None:
    """Take over what was checked. Raises InvalidTransition if it is not waiting for that, or for nothing
    to do; Invalid where rows were refused and `partial` does not leave them out."""
    made = ProductImport.objects.select_for_update(no_key=True).get(pk=made.pk)
    if not made.to_apply:
        raise InvalidTransition(_("There is nothing to take over."))
    if made.refused and not partial:
        raise Invalid(errors={"partial": [_("Some rows have errors. Mend them, or leave them out.")]})
    audit.transition(made, Status.APPLYING, by=by, verb="confirmed", partial=partial, **_begun())
    wake(TASK, made.pk)


def cancel_import(made: ProductImport, *, by: Any) -> None:
    """End it; what was taken over stays. Raises InvalidTransition once it has ended."""
    audit.transition(made, Status.CANCELLED, by=by, verb="cancelled", ended_at=Now())


def forget_imports() -> int:
    """Remove files and rows of imports older than settings.IMPORT_KEEP_DAYS, and say how many; the import's
    own line stays. Safe to repeat.
    """
    old = ProductImport.objects.filter(created_at__lt=Now() - timedelta(days=settings.IMPORT_KEEP_DAYS))
    due = old.exclude(file="").exclude(status__in=ProductImport.RUNNING)
    removed = list(due.order_by("pk")[:100])
    for made in removed:
        delete_private(made.file)
        with transaction.atomic():
            if made.status == Status.CHECKED:
                cancel_import(made, by=None)
            ImportRow.objects.filter(sheet=made).delete()
            ProductImport.objects.filter(pk=made.pk).update(file="")
    return len(removed)


def _check_room(vendor: Vendor) -> None:
    """Uploads of one vendor wait for each other here, so that they cannot all find room at once."""
    Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
    if ProductImport.objects.filter(vendor=vendor, status__in=ProductImport.RUNNING).count() >= MOST_OPEN:
        raise TooManyImports


def _begun() -> dict[str, Any]:
    return {"began_at": Now(), "due_at": Now()}
