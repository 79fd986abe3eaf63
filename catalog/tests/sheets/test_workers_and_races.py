"""Workers that die, two sheets at once, somebody who stops it; and how many statements a block costs."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from aqad.lib.errors import InvalidTransition
from audit.models import Entry
from catalog.models import ImportRow, Product, ProductImport, Stock
from catalog.services import import_steps, imports
from catalog.services.imports import TooManyImports
from catalog.tests.sheets.conftest import Send, outcomes, rows_of
from tests.goods import work_on
from tests.racing import race

WORKER = """
import os, sys, signal
import django
django.setup()
from catalog.services import import_steps
real = import_steps._progress
def progress(made, **changes):
    real(made, **changes)
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
left = int(sys.argv[2])
import_steps._progress = progress
import_steps.carry_on(int(sys.argv[1]))
"""


def killed_after(made: ProductImport, blocks: int) -> None:
    """A worker of its own process is killed in the middle of block number `blocks`, before its commit."""
    ProductImport.objects.filter(pk=made.pk).update(due_at=Now())
    named = connection.settings_dict
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "catalog.tests.sheets.same_places"}
    environment["SHEETS_TEST_DATABASE"] = str(named["NAME"])
    environment["SHEETS_TEST_FILES"] = str(settings.STORAGES["default"]["OPTIONS"]["location"])
    ended = subprocess.run(
        [sys.executable, "-c", WORKER, str(made.pk), str(blocks)], env=environment, check=False
    )
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_repeats_nothing(
    begin: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_steps, "BLOCK", 500)
    made = begin(rows_of(2200))
    killed_after(made, 4)  # its heading was noted, three blocks checked, the fourth not committed
    made.refresh_from_db()
    assert (made.status, made.checked, ImportRow.objects.count()) == ("checking", 1500, 1500)
    ProductImport.objects.filter(pk=made.pk).update(due_at=Now())
    import_steps.carry_on(made.pk)  # checks the rest
    killed_after(made, 2)
    made.refresh_from_db()
    assert (made.status, made.applied, Product.objects.count()) == ("applying", 500, 500)
    made = work_on(made)
    assert (made.status, outcomes(made), made.applied) == ("done", (2200, 0, 0, 0), 2200)
    assert sorted(Product.objects.values_list("sku", flat=True)) == sorted(f"S{n}" for n in range(1, 2201))
    assert (Stock.objects.count(), Entry.objects.filter(verb="created").count()) == (2200, 2200)


@pytest.mark.django_db
def test_a_silent_worker_is_followed_once_its_lease_is_over(begin: Send) -> None:
    made = begin(rows_of(1))
    ProductImport.objects.filter(pk=made.pk).update(due_at=Now() + timedelta(seconds=10))
    import_steps.carry_on(made.pk)
    made.refresh_from_db()
    assert made.status == "waiting"


@pytest.mark.django_db(transaction=True)
def test_two_sheets_of_one_vendor_at_once_make_each_product_once(begin: Send) -> None:
    first, second = begin(rows_of(600)), begin(rows_of(600, price="46.00"))
    for made in (first, second):
        import_steps.carry_on(made.pk)  # both checked: both believe all is new
    outcome = race([partial(work_on, first), partial(work_on, second)])
    assert [made.status for made in outcome] == ["done", "done"]
    assert Product.objects.count() == 600
    assert sum(made.new for made in outcome) == 600
    assert sum(made.changed for made in outcome) == 600
    assert Stock.objects.count() == 600


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_sheet_do_every_row_once(begin: Send) -> None:
    made = begin(rows_of(1200))
    import_steps.carry_on(made.pk)
    race([partial(work_on, made), partial(work_on, made)])
    assert outcomes(work_on(made)) == (1200, 0, 0, 0)
    assert Entry.objects.filter(verb="created").count() == 1200


@pytest.mark.django_db
def test_a_cancelled_sheet_goes_no_further(begin: Send, vendor_user: Any) -> None:
    made = begin(rows_of(2))
    import_steps.carry_on(made.pk)
    made.refresh_from_db()
    imports.cancel_import(made, by=vendor_user)
    assert work_on(made).status == "cancelled"
    assert Product.objects.count() == 0
    with pytest.raises(InvalidTransition):
        imports.cancel_import(made, by=vendor_user)


@pytest.mark.django_db
def test_a_vendor_has_a_few_sheets_at_work_at_most(begin: Send) -> None:
    for _number in range(imports.MOST_OPEN):
        begin(rows_of(1))
    with pytest.raises(TooManyImports):
        begin(rows_of(1))


@pytest.mark.django_db
def test_old_sheets_are_removed_with_their_rows(send: Send) -> None:
    old, young = send(rows_of(1)), send(rows_of(1))
    ProductImport.objects.filter(pk=old.pk).update(
        created_at=Now() - timedelta(days=settings.IMPORT_KEEP_DAYS + 1)
    )
    assert (imports.forget_imports(), imports.forget_imports()) == (1, 0)
    old.refresh_from_db()
    assert (old.file, old.rows.count(), old.new) == ("", 0, 1)
    assert young.rows.count() == 1


def _statements(made: ProductImport) -> int:
    with CaptureQueriesContext(connection) as captured:
        import_steps.carry_on(made.pk)
    return len(captured)


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["45.00", "46.00"])
def test_a_block_costs_the_same_statements_however_many_rows_it_has(
    begin: Send, send: Send, price: str
) -> None:
    if price == "46.00":
        send(rows_of(400))
    counts = []
    for rows in (rows_of(5, price=price), rows_of(395, price=price, first=6)):
        made = begin(rows)
        checked = _statements(made)
        ProductImport.objects.filter(pk=made.pk).update(due_at=Now())
        counts.append((checked, _statements(made)))
    assert counts[0] == counts[1]
    assert max(map(sum, counts)) <= 75
