"""The pages and the API around sheets: sending, following, confirming, mending."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.test import Client

from accounts.models import User
from catalog.models import Product, ProductImport
from catalog.services import import_steps
from catalog.tests.conftest import MakeProduct
from catalog.tests.sheets.conftest import KINDS, Send, contents, outcomes, rows_of, sheet
from tests.goods import work_on


@pytest.fixture
def page(vendor_user: User) -> Client:
    client = Client()
    client.force_login(vendor_user)
    return client


def _file(content: bytes, name: str = "products.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("kind", KINDS)
def test_the_api_takes_a_sheet_and_says_what_became_of_it(vendor_api: Any, shelves: None, kind: str) -> None:
    answer = vendor_api.post(
        "/api/products/import", {"file": _file(sheet(kind, rows_of(2)), f"p.{kind}")}, format="multipart"
    )
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    work_on(ProductImport.objects.get())
    told = vendor_api.get(f"/api/imports/{answer.json()['id']}").json()
    assert (told["status"], told["new"], told["applied"], told["errors"]) == ("done", 2, 2, [])
    assert told["error_file"] is None


def test_the_api_tells_row_column_and_reason(vendor_api: Any, send: Send) -> None:
    made = send([*rows_of(1), ["S2", "Water", "water", "nobody", "free"]])
    told = vendor_api.get(f"/api/imports/{made.code}").json()
    assert [(each["row"], each["column"]) for each in told["errors"]] == [(3, "brand"), (3, "price")]
    assert told["error_file"].endswith(f"/api/imports/{made.code}/errors")
    rows = vendor_api.get(f"/api/imports/{made.code}/rows?outcome=refused").json()
    assert [row["row"] for row in rows["results"]] == [3]


@pytest.mark.parametrize("partial", [True, False])
def test_the_api_without_a_dry_run_changes_nothing_by_what_cannot_be_read(
    vendor_api: Any, shelves: None, make_product: MakeProduct, partial: bool
) -> None:
    make_product(sku="P-1", barcode="6291003000003", description="Cold.", quantity=9)
    before = contents()
    rows = b'sku,barcode,description,price,quantity\nP-1,#N/A,#REF!,"1,500",1.000\n1.23E+11,,,,\n'
    wanted = {"file": _file(rows), "partial": partial, "correct_stock": True}
    answer = vendor_api.post("/api/products/import", wanted, format="multipart")
    made = work_on(ProductImport.objects.get())
    told = vendor_api.get(f"/api/imports/{answer.json()['id']}").json()
    named = {(each["row"], each["column"]) for each in told["errors"]}
    assert {(2, "barcode"), (2, "description"), (2, "price"), (2, "quantity"), (3, "sku")} <= named
    assert (made.applied, contents()) == (0, before)


def test_warnings_are_told_by_the_api_and_the_page(vendor_api: Any, page: Client, send: Send) -> None:
    made = send([*rows_of(1), ["s1", "Water", "water", "pepsi", "45.00"]])
    told = vendor_api.get(f"/api/imports/{made.code}").json()
    assert (told["status"], told["warned"]) == ("done", 2)
    assert [each["row"] for each in told["warnings"]] == [2, 3]
    rows = vendor_api.get(f"/api/imports/{made.code}/rows").json()["results"]
    assert "“s1”" in rows[0]["warnings"][0]
    shown = page.get(f"/sell/products/import/{made.code}?rows=warned").content.decode()
    assert "differs by capitals or blanks only" in shown


def test_what_is_no_sheet_is_an_error_of_its_field(vendor_api: Any, shelves: None) -> None:
    answer = vendor_api.post("/api/products/import", {"file": _file(b"%PDF-1.7")}, format="multipart")
    assert answer.status_code == 400
    assert "file" in answer.json()["errors"]
    assert not ProductImport.objects.exists()


def test_a_dry_run_is_confirmed_by_the_api(vendor_api: Any, send: Send) -> None:
    made = send([*rows_of(1), ["S2", "Water", "water", "pepsi", "free"]], dry_run=True)
    refused = vendor_api.post(f"/api/imports/{made.code}/confirm", {})
    assert refused.status_code == 400
    assert Product.objects.count() == 0
    assert vendor_api.post(f"/api/imports/{made.code}/confirm", {"partial": True}).status_code == 200
    assert outcomes(work_on(made)) == (1, 0, 0, 1)
    assert Product.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_sheet_with_errors_is_mended_and_sent_again(page: Client, send: Send, kind: str) -> None:
    rows = [*rows_of(2), ["S3", "=Water", "water", "pepsi", "free"]]
    made = send(rows, kind=kind)
    answer = page.get(f"/sell/products/import/{made.code}/errors")
    given_back = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert f'filename="{made.code}-mend.{kind}"' in answer["Content-Disposition"]
    again = send(given_back, kind=kind)
    assert (again.status, outcomes(again)) == ("refused", (2, 0, 0, 1))
    if kind == "csv":
        mended = send(given_back.replace(b"free", b"9.50"))
        assert (mended.status, outcomes(mended)) == ("done", (3, 0, 0, 0))
        assert Product.objects.get(sku="S3").name == "=Water"


def test_the_progress_is_304_while_nothing_moved(page: Client, begin: Send) -> None:
    made = begin(rows_of(1))
    path = f"/sell/products/import/{made.code}/progress"
    first = page.get(path)
    assert (first.status_code, "HX-Refresh" in first) == (200, False)
    assert page.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    work_on(made)
    last = page.get(path, headers={"If-None-Match": first["ETag"]})
    assert (last.status_code, last["HX-Refresh"]) == (200, "true")


def test_the_pages_lead_from_the_sheet_to_its_products(page: Client, shelves: None) -> None:
    answer = page.post("/sell/products/import", {"sheet": _file(sheet("csv", rows_of(3)))})
    made = ProductImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/sell/products/import/{made.code}")
    import_steps.carry_on(made.pk)
    assert "Create 3 products" in page.get(answer["Location"]).content.decode()
    page.post(f"{answer['Location']}/confirm")
    ProductImport.objects.filter(pk=made.pk).update(due_at=Now())
    assert work_on(made).status == "done"
    assert Product.objects.count() == 3


def test_the_page_says_what_is_wrong_with_a_file(page: Client, shelves: None) -> None:
    answer = page.post("/sell/products/import", {"sheet": _file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")})
    assert "old .xls" in answer.content.decode()
    assert not ProductImport.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_template_is_itself_a_good_sheet(
    page: Client, send: Send, make_product: MakeProduct, kind: str, language: str
) -> None:
    answer = page.get(f"/sell/products/import/template?format={kind}", headers={"Accept-Language": language})
    made = send(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert (made.status, outcomes(made), made.unknown) == ("done", (1, 0, 0, 0), [])


def test_an_outsider_finds_nothing_and_changes_nothing(rival_vendor_user: User, send: Send) -> None:
    made = send(rows_of(1), dry_run=True)
    rival = Client()
    rival.force_login(rival_vendor_user)
    for part in ("", "/progress", "/errors"):
        assert rival.get(f"/sell/products/import/{made.code}{part}").status_code == 404
    for part in ("/confirm", "/cancel"):
        assert rival.post(f"/sell/products/import/{made.code}{part}").status_code == 404
    made.refresh_from_db()
    assert made.status == "checked"
