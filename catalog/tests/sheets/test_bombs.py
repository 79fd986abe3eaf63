"""Small files that would be gigantic in memory: refused after one try, by a child that has its limits."""

from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now

from catalog.models import ImportRow, Product, ProductImport
from catalog.services import import_steps
from catalog.sheets import guard
from catalog.sheets.xlsx import reading
from catalog.tests.sheets.conftest import Send, contents, outcomes, rows_of
from catalog.tests.sheets.workbooks import (
    MAIN,
    heading,
    number,
    product,
    row,
    shared,
    styles,
    text,
    workbook,
    worksheet,
)

MIB = 1024 * 1024
MOST_GROWN = 64 * MIB  # of this process, whatever the child does
PARTS = {
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 1_000_000}</cellXfs></styleSheet>',
    "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si/>" * 2_500_000}</sst>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets>{"<sheet/>" * 1_000_000}</sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f"<Relationships>{'<Relationship/>' * 1_000_000}</Relationships>",
}
UNREAD = {
    "[Content_Types].xml": f"<Types>{'<Default/>' * 1_000_000}</Types>",
    "xl/theme/theme1.xml": f"<theme>{'<a/>' * 1_000_000}</theme>",
    "xl/comments1.xml": f"<comments>{'<comment/>' * 1_000_000}</comments>",
    "xl/drawings/drawing1.xml": f"<wsDr>{'<sp/>' * 1_000_000}</wsDr>",
    "docProps/core.xml": f"<core>{'<p/>' * 1_000_000}</core>",
    "xl/externalLinks/externalLink1.xml": f"<externalLink>{'<a/>' * 1_000_000}</externalLink>",
}


def from_now() -> int:
    """Bytes of memory that this process has; its highest mark is set back to them."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def grown_since(before: int) -> int:
    """By how many bytes this process was larger at most."""
    return _memory("VmHWM") - before


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))


def refused_at_once(send: Send, content: bytes, word: str = "") -> ProductImport:
    """Refused after one try, with nothing changed; the process that asked did not grow."""
    assert len(content) < 2 * MIB
    before, memory = contents(), from_now()
    made = send(content, kind="xlsx", partial=True)
    assert (made.status, made.checked, made.failures) == ("refused", 0, 1)
    assert word in made.problem
    assert made.problem
    assert (contents(), ImportRow.objects.count()) == (before, 0)
    assert grown_since(memory) < MOST_GROWN
    import_steps.sweep()
    import_steps.carry_on(made.pk)
    made.refresh_from_db()
    assert (made.status, made.failures) == ("refused", 1)
    return made


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_millions_of_elements_is_refused_after_one_try(send: Send, part: str) -> None:
    sheet = worksheet(heading(), product("S1"))
    refused_at_once(send, workbook(sheet, parts={part: PARTS[part]}))


@pytest.mark.django_db
@pytest.mark.parametrize("part", UNREAD)
def test_parts_that_nobody_needs_cost_nothing(send: Send, part: str) -> None:
    content = workbook(worksheet(heading(), product("S1")), parts={part: UNREAD[part]})
    memory = from_now()
    made = send(content, kind="xlsx")
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))
    assert grown_since(memory) < MOST_GROWN


@pytest.mark.django_db
def test_a_text_that_is_said_a_million_times_does_not_fill_the_memory(send: Send) -> None:
    """A text of 32,000 characters in every cell is more than five gigabytes on the way out."""
    long, cell = shared("x" * 32_000), '<c t="s"><v>0</v></c>'
    rows = [row(cell * 90) for _number in range(2000)]
    refused_at_once(
        send, workbook(worksheet(heading(), *rows), parts={"xl/sharedStrings.xml": long}), "large"
    )


@pytest.mark.django_db
def test_one_row_of_millions_of_cells_is_read_to_its_hundredth(send: Send) -> None:
    content = workbook(worksheet(heading(), product("S1", "<c/>" * 1_500_000)))
    memory = from_now()
    made = send(content, kind="xlsx")
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))
    assert grown_since(memory) < MOST_GROWN


@pytest.mark.django_db
def test_merged_areas_without_end_are_refused(send: Send) -> None:
    areas = "".join(f'<mergeCell ref="A{n}:CV{n + 1}"/>' for n in range(5, 200_000, 3))
    sheet = worksheet(heading(), product("S1"), after=f"<mergeCells>{areas}</mergeCells>")
    refused_at_once(send, workbook(sheet), "large")
    crossing = '<mergeCell ref="A1:B9"/><mergeCell ref="B2:C8"/>'
    refused_at_once(send, workbook(worksheet(heading(), product("S1"), after=crossing)), "damaged")


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["memory", "processor"])
def test_a_child_that_is_stopped_by_its_limits_is_a_refusal_at_once(
    send: Send, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    tight = {"memory": 64 * MIB, "processor": 1}
    limits = reading.Limits(**{**vars(reading.LIMITS), limit: tight[limit]})
    monkeypatch.setattr(reading, "LIMITS", limits)
    texts = f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{n:030}</t></si>" for n in range(900_000))}</sst>'
    heavy = texts if limit == "memory" else PARTS["xl/sharedStrings.xml"].replace("<si/>", "<s/><s/><s/>")
    made = send(workbook(worksheet(heading(), product("S1")), parts={"xl/sharedStrings.xml": heavy}))
    assert (made.status, made.failures, Product.objects.count()) == ("refused", 1, 0)
    assert "too large" in made.problem


@pytest.mark.django_db
def test_a_machine_that_is_busy_is_waited_for(begin: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_arguments: Any, **_options: Any) -> Any:
        raise reading.Busy

    made = begin(workbook(worksheet(heading(), product("S1"))))
    with monkeypatch.context() as patched:
        patched.setattr(reading, "run_limited", busy)
        import_steps.carry_on(made.pk)
    made.refresh_from_db()
    assert (made.status, made.failures, made.problem) == ("checking", 1, "")
    ProductImport.objects.filter(pk=made.pk).update(due_at=Now())
    import_steps.carry_on(made.pk)
    made.refresh_from_db()
    assert (made.status, made.failures) == ("applying", 0)


@pytest.mark.django_db
def test_what_no_further_try_can_mend_fails_at_once(begin: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_options: Any) -> Any:
        raise ZeroDivisionError

    made = begin(rows_of(1))
    monkeypatch.setattr(import_steps, "parse", broken)
    import_steps.carry_on(made.pk)
    made.refresh_from_db()
    assert (made.status, made.failures, Product.objects.count()) == ("failed", 1, 0)


@pytest.mark.django_db
def test_a_sheet_that_kills_its_worker_each_time_ends_too(
    begin: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: Any, **_options: Any) -> Any:
        raise SystemExit

    made = begin(rows_of(1))
    monkeypatch.setattr(import_steps, "read_private", killed)
    for _try in range(import_steps.MOST_FAILURES):
        with pytest.raises(SystemExit):
            import_steps.carry_on(made.pk)
        ProductImport.objects.filter(pk=made.pk).update(due_at=Now())
    import_steps.carry_on(made.pk)
    made.refresh_from_db()
    assert (made.status, Product.objects.count()) == ("failed", 0)


def test_an_archive_of_a_million_names_is_refused_before_it_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def listed(*_arguments: Any) -> Any:
        raise AssertionError("the list was made")

    monkeypatch.setattr(guard.zipfile, "ZipFile", listed)
    with pytest.raises(guard.BadFile, match="too large"):
        guard._check_archive(b"PK\x03\x04" + b"PK\x01\x02" * (guard.MAX_ENTRIES + 1))


@pytest.mark.django_db
def test_a_table_of_styles_as_excel_writes_it_is_no_bomb(send: Send) -> None:
    look = {"xl/styles.xml": styles(*(f"0.{'0' * (n % 9)}" for n in range(60_000)))}
    made = send(workbook(worksheet(heading(), product("S1", price=number(4, 7)), row(text(""))), parts=look))
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"sku,price\n" + b"\n" * 2_000_000,
        b"sku,price\nS1,4" + b"," * 10_000_000,
        b"sku,price\nS1,4\n" + b",\n" * 2_000_000,
        b"," * 10_000_000,
    ],
)
def test_a_csv_file_of_nothing_is_refused_after_one_try(send: Send, content: bytes) -> None:
    memory = from_now()
    made = send(content, partial=True)
    assert (made.status, made.checked, made.failures) == ("refused", 0, 1)
    assert "far too many empty rows" in made.problem or "columns" in made.problem
    assert grown_since(memory) < 3 * MOST_GROWN  # the text itself, and the letters of it to be split
    assert Product.objects.count() == 0
