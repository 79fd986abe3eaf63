"""What a worker does with a sheet: check it block by block, then take it over block by block.

Each block is one transaction that also says how far it is. It begins by locking the import: a worker that
finds it locked, or further on than it was itself, leaves it to the other. So a killed worker loses at most
one block, nothing is done twice, and whoever comes next carries on from there.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from aqad.lib import database
from aqad.lib.bulk_update import update_rows
from aqad.lib.errors import Unavailable
from aqad.lib.files.clean_file import BadFile
from aqad.lib.files.storage import read_private
from aqad.lib.inserting import insert
from aqad.lib.wakeup import wake
from audit import services as audit
from catalog.models import ImportRow, ProductImport
from catalog.services import bulk, imports
from catalog.sheets.judging import Judge, Verdict
from catalog.sheets.parsing import Parsed, from_json, parse
from catalog.sheets.reading import Row, Sheet
from catalog.sheets.shelf import Shelf
from catalog.sheets.similar_skus import SimilarSkus
from catalog.sheets.xlsx.reading import LIMITS
from notifications.services import notify
from vendors.models import Vendor

log = structlog.get_logger(__name__)

Status = ProductImport.Status
Outcome = ImportRow.Outcome
BLOCK = 500
MAY_PASS = (OperationalError, InterfaceError, IntegrityError, OSError, Unavailable, SoftTimeLimitExceeded)
LEASE = timedelta(seconds=10)  # of a worker that is silent; it says so anew with every block
ROUND_SECONDS = 45.0  # then another task carries on: a task may live for 90
READING = timedelta(seconds=2 * (LIMITS.wall + settings.LIMITED_WAIT_SECONDS))  # nothing is said meanwhile
MOST_FAILURES = 8
TOLD = {
    Status.CHECKED: "import_checked",
    Status.DONE: "import_done",
    Status.REFUSED: "import_refused",
    Status.FAILED: "import_failed",
}


def sweep() -> None:
    """Wake a worker for every import that nobody has in hand."""
    due = ProductImport.objects.filter(status__in=ProductImport.RUNNING, due_at__lte=Now())
    for pk in due.order_by("due_at").values_list("pk", flat=True)[:100]:
        wake(imports.TASK, pk)


def carry_on(pk: int, *, seconds: float = ROUND_SECONDS) -> None:
    """Check or take over what is next, for so long. Does nothing where another worker has it in hand.

    What stood in the way and may pass is waited for; after MOST_FAILURES attempts that came no further the
    import has failed, at once where trying again cannot help. An attempt counts from its beginning, so that a
    sheet that kills its worker ends as well.
    """
    running = ProductImport.objects.filter(pk=pk, status__in=ProductImport.RUNNING)
    if not running.filter(due_at__lte=Now()).update(due_at=Now() + LEASE, failures=F("failures") + 1):
        return
    made = ProductImport.objects.select_related("vendor", "by").get(pk=pk)
    if made.failures > MOST_FAILURES:
        _give_up(pk)
        return
    try:
        with translation.override(made.language):
            _carry_on(made, time.monotonic() + seconds)
    except MAY_PASS as trouble:
        log.warning("import interrupted", sheet=made.code, error=str(trouble))
        _try_later(made)
    except Exception:
        log.exception("import failed", sheet=made.code)
        _give_up(pk)


def _carry_on(made: ProductImport, until: float) -> None:
    if made.status == Status.WAITING:
        audit.transition(made, Status.CHECKING, by=None, verb="began to check", began_at=Now())
    step = _check if made.status == Status.CHECKING else _apply
    if step(made, until):
        ProductImport.objects.filter(pk=made.pk).update(due_at=Now(), failures=0)
        wake(imports.TASK, made.pk)


def _check(made: ProductImport, until: float) -> bool:
    """Whether there is more for the next round."""
    sheet = Sheet(read_private(made.file), made.kind)
    try:
        ProductImport.objects.filter(pk=made.pk).update(due_at=Now() + READING)
        _note_heading(made, sheet)
        shelf, survey = Shelf(), sheet.survey
        judge = Judge(made.vendor, made.by, shelf, made.correct_stock)
        similar = SimilarSkus(made.vendor, survey.skus)
        for block in _blocks(sheet.rows(after=made.position)):
            rows = [parse(number, cells, sheet.heading, shelf, survey.marks) for number, cells in block]
            for row in rows:
                if problem := survey.problem(row.number):
                    row.errors.append(("", problem))
                row.warnings = similar.warnings(row.sku)
            if not database.retry_on_conflict(partial(_check_block, made, rows, judge)):
                return False
            made.position = rows[-1].number
            if time.monotonic() > until:
                return True
    except BadFile as refusal:
        _end(made, Status.REFUSED, "could not read", problem=str(refusal.message)[:500])
        return False
    return _settle(made)


def _note_heading(made: ProductImport, sheet: Sheet) -> None:
    """Raises BadFile where the columns cannot be an import."""
    heading = sheet.heading
    if sheet.hidden:
        ProductImport.objects.filter(pk=made.pk).update(hidden_sheets=list(sheet.hidden))
    if not heading.has_key:
        raise BadFile(
            _("There is no column “SKU”. The first row must name the columns, as the template does.")
        )
    if heading.twice:
        raise BadFile(_("Two columns mean the same: %(names)s.") % {"names": ", ".join(heading.twice)})
    if len(heading.given) == 1:
        raise BadFile(_("There is nothing to take over beside the SKU. Add a column, such as the price."))
    known = {"columns": list(heading.names), "unknown": list(heading.unknown), "total": sheet.survey.total}
    ProductImport.objects.filter(pk=made.pk).update(due_at=Now() + LEASE, **known)


@transaction.atomic
def _check_block(made: ProductImport, rows: Sequence[Parsed], judge: Judge) -> bool:
    """False where another worker went on with it, or it was cancelled."""
    current = _claim(made, Status.CHECKING)
    if current is None or current.position != made.position:
        return False
    verdicts = judge.judge(rows)
    _refuse_repeats(made, verdicts)
    insert([_row_of(made, verdict) for verdict in verdicts])
    counts = {name: F(name) + _count(verdicts, name) for name in Outcome.values}
    counts["warned"] = F("warned") + sum(bool(verdict.row.warnings) for verdict in verdicts)
    _progress(made, position=rows[-1].number, **counts)
    return True


def _refuse_repeats(made: ProductImport, verdicts: Sequence[Verdict]) -> None:
    """A product may stand in a sheet once: else it depends on the order which row counts."""
    skus = {verdict.row.sku for verdict in verdicts} - {""}
    ids = {verdict.product.pk for verdict in verdicts if verdict.product and verdict.product.pk}
    earlier = ImportRow.objects.filter(sheet=made)
    claimed: dict[Any, int] = dict(earlier.filter(key__in=skus).values_list("key", "number"))
    claimed |= dict(earlier.filter(product_id__in=ids).values_list("product_id", "number"))
    for verdict in verdicts:
        claims = [verdict.row.sku, verdict.product.pk if verdict.product else None]
        first = next((claimed[each] for each in claims if each in claimed), None)
        if first is not None:
            text = _("This product stands in row %(row)s already.") % {"row": first}
            verdict.row.errors.append(("sku", text))
            verdict.outcome, verdict.work = Outcome.REFUSED, None
        for each in claims:
            if each:
                claimed.setdefault(each, verdict.row.number)


@transaction.atomic
def _settle(made: ProductImport) -> bool:
    """Everything is checked: wait for a word, refuse, or go on to take it over."""
    current = _claim(made, Status.CHECKING)
    if current is None:
        return False
    if not current.checked:
        return _end(made, Status.REFUSED, "refused", problem=_("The sheet has no rows below its heading."))
    if current.dry_run:
        audit.transition(current, Status.CHECKED, by=None, verb="checked", ended_at=Now())
        _tell(current, TOLD[Status.CHECKED])
        return False
    if current.refused and not current.partial:
        return _end(made, Status.REFUSED, "refused")
    audit.transition(current, Status.APPLYING, by=None, verb="checked", began_at=Now())
    return True


def _apply(made: ProductImport, until: float) -> bool:
    """Whether there is more for the next round."""
    shelf = Shelf()
    while database.retry_on_conflict(partial(_apply_block_again, made, shelf)):
        if time.monotonic() > until:
            return True
    return False


def _apply_block_again(made: ProductImport, shelf: Shelf) -> bool:
    """Somebody may list a product with the same SKU by hand at this moment; then it is known next time."""
    try:
        return _apply_block(made, shelf)
    except IntegrityError as error:
        if "product_sku_once_per_vendor" not in str(error):
            raise
    return _apply_block(made, shelf)


@transaction.atomic
def _apply_block(made: ProductImport, shelf: Shelf) -> bool:
    """False where nothing is left, another worker has it, or it was cancelled."""
    current = _claim(made, Status.APPLYING)
    if current is None:
        return False
    waiting = ImportRow.objects.filter(sheet=made, outcome__in=(Outcome.NEW, Outcome.CHANGED))
    rows = list(waiting.filter(number__gt=current.applied_to).order_by("number")[:BLOCK])
    if not rows:
        return _end(current, Status.DONE, "took over")
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=made.vendor_id)  # one sheet at a time
    judge = Judge(vendor, made.by, shelf, made.correct_stock)
    verdicts = judge.judge([from_json(row.number, row.values) for row in rows], lock=True)
    bulk.list_products([each.work for each in verdicts if isinstance(each.work, bulk.Listing)], by=made.by)
    bulk.change_products([each.work for each in verdicts if isinstance(each.work, bulk.Change)], by=made.by)
    _note_outcomes(current, rows, verdicts)
    return True


def _note_outcomes(made: ProductImport, rows: Sequence[ImportRow], verdicts: Sequence[Verdict]) -> None:
    """What it came to in the end may differ from what was foreseen."""
    moved = {
        name: _count(verdicts, name) - sum(row.outcome == name for row in rows) for name in Outcome.values
    }
    for row, verdict in zip(rows, verdicts, strict=True):
        row.outcome, row.errors = verdict.outcome, verdict.row.errors
        row.product_id = verdict.product.pk if verdict.product else None
    update_rows(rows, ["outcome", "errors", "product_id"])
    counts = {name: F(name) + difference for name, difference in moved.items() if difference}
    _progress(made, applied_to=rows[-1].number, applied=F("applied") + len(rows), **counts)


def _claim(made: ProductImport, status: Status) -> ProductImport | None:
    """The import locked, if it is still in `status` and in nobody's hands."""
    rows = ProductImport.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.filter(pk=made.pk, status=status).select_related("vendor").first()


def _progress(made: ProductImport, **changes: object) -> None:
    ProductImport.objects.filter(pk=made.pk).update(due_at=Now() + LEASE, failures=0, **changes)


def _end(made: ProductImport, status: Status, verb: str, *, problem: str = "") -> bool:
    """False: there is nothing more to do."""
    counts = ProductImport.objects.values(*Outcome.values, "filename").get(pk=made.pk)
    with transaction.atomic():
        audit.transition(made, status, by=made.by, verb=verb, ended_at=Now(), problem=problem)
        audit.record(made.by, "imported products", made.vendor, data={"sheet": made.code, **counts})
        _tell(made, TOLD[status])
    return False


def _tell(made: ProductImport, kind: str) -> None:
    counts = ProductImport.objects.values(*Outcome.values, "filename").get(pk=made.pk)
    notify(kind, to=[made.by_id], about=made.code, context=counts, once=f"{kind}:{made.code}")


def _give_up(pk: int) -> None:
    running = ProductImport.objects.filter(pk=pk, status__in=ProductImport.RUNNING)
    current = running.select_related("vendor", "by").first()
    if current is not None:
        _end(current, Status.FAILED, "gave up")


def _try_later(made: ProductImport) -> None:
    """The more attempts there were, the later."""
    running = ProductImport.objects.filter(pk=made.pk, status__in=ProductImport.RUNNING)
    running.update(due_at=Now() + timedelta(seconds=2 ** min(made.failures, MOST_FAILURES)))


def _row_of(made: ProductImport, verdict: Verdict) -> ImportRow:
    row = verdict.row
    return ImportRow(
        sheet=made,
        number=row.number,
        key=str(row.values.get("sku") or "")[:80],
        outcome=verdict.outcome,
        values=row.as_json(),
        changes=verdict.changes if verdict.outcome == Outcome.CHANGED else {},
        errors=row.errors,
        warnings=row.warnings,
        product_id=verdict.product.pk if verdict.product else None,
    )


def _count(verdicts: Iterable[Verdict], outcome: str) -> int:
    return sum(verdict.outcome == outcome for verdict in verdicts)


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while block := list(islice(rows, BLOCK)):
        yield block
