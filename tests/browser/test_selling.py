"""A vendor from the first page to the first order."""

import re
import uuid
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NewShop, Visit
from tests.browser.places import Api
from tests.browser.visitor import Visitor
from tests.factories import pdf_bytes, png_bytes
from tests.runner.installation import Installation

EMAIL = f"huda.{uuid.uuid4().hex[:6]}@hudadates.example"
LICENCE = {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
LOGO = {"name": "logo.png", "mimeType": "image/png", "buffer": png_bytes(200, 200)}


def test_a_vendor_applies_is_approved_lists_a_product_with_five_photos_and_accepts_an_order(
    visit: Visit, new_shop: NewShop, aqad: Installation, tmp_path: Path
) -> None:
    vendor = visit()
    _apply(vendor)
    _approve(Api(f"http://127.0.0.1:{aqad.port}", "admin"))
    vendor.open("/sign-in")
    main = vendor.page.get_by_role("main")
    main.get_by_label("E-mail").fill(EMAIL)
    main.get_by_label("Password").fill(steps.PASSWORD)
    main.get_by_role("button", name="Sign in").click()
    vendor.page.wait_for_url("**/sell")

    code = _list_product(vendor, _photos(tmp_path))

    shop, _email = new_shop()
    address = shop.get("/api/retailer/addresses")["results"][0]["id"]
    items = [{"product": code, "quantity": 3}]
    placed = shop.post("/api/orders", items=items, address=address, payment_method="cash_on_delivery")
    order = placed["orders"][0]["id"]
    vendor.open("/sell/orders")
    vendor.page.get_by_role("button", name=re.compile(f"Accept.*{order}")).click()
    expect(vendor.page.get_by_role("button", name=re.compile(f"Accept.*{order}"))).to_be_hidden()
    assert shop.get(f"/api/orders/{order}")["status"] == "processing"


def _apply(vendor: Visitor) -> None:
    vendor.open("/register")
    vendor.link("Apply as a vendor").click()
    vendor.field("Your name").fill("Huda Nasser")
    vendor.field("E-mail").fill(EMAIL)
    vendor.field("Mobile number").fill("+971 50 765 4321")
    vendor.field("Password").fill(steps.PASSWORD)
    vendor.field("Company name").fill("Huda Dates LLC")
    vendor.field("Trade licence number").fill("CN-7788990")
    vendor.field("Tax registration number (TRN)").fill("100234567300003")
    vendor.field("Emirate").select_option("DXB")
    vendor.page.get_by_label("Trade licence", exact=True).set_input_files(LICENCE)
    vendor.button("Send the application").click()
    # The certificate is missing: said beside its field, and nothing typed or chosen is lost.
    expect(vendor.page.get_by_role("alert").filter(has_text="VAT certificate")).to_be_focused()
    expect(vendor.field("Company name")).to_have_value("Huda Dates LLC")
    expect(vendor.page.get_by_text("licence.pdf")).to_be_visible()
    vendor.page.get_by_label("VAT certificate", exact=True).set_input_files({**LICENCE, "name": "vat.pdf"})
    vendor.field("Logo").set_input_files(LOGO)
    vendor.field("Password").fill(steps.PASSWORD)
    vendor.button("Send the application").click()
    expect(vendor.heading("Application received")).to_be_visible()


def _approve(admin: Api) -> None:
    [waiting] = (
        each["id"] for each in admin.get("/api/vendors", page_size="100")["results"] if each["email"] == EMAIL
    )
    for kind in ("trade_license", "vat_certificate"):
        admin.post(f"/api/vendors/{waiting}/documents/{kind}/accept")
    admin.post(f"/api/vendors/{waiting}/approve")


def _photos(folder: Path) -> list[Path]:
    """Five, of different colours."""
    paths = [folder / f"photo {number}.png" for number in range(1, 6)]
    for number, path in enumerate(paths, start=1):
        Image.new("RGB", (300, 300), (40 * number, 90, 60)).save(path)
    return paths


def _list_product(vendor: Visitor, photos: list[Path]) -> str:
    """Returns the code of a product that buyers find with all its pictures."""
    vendor.open("/sell/products")
    vendor.link("New product").first.click()
    vendor.field("Name in English").fill("Khalas Dates 5 kg")
    vendor.field("Name in Arabic").fill("تمر خلاص 5 كجم")
    for label in ("Category", "Brand"):
        vendor.page.get_by_role("combobox", name=label, exact=True).select_option(index=1)
    vendor.field("Price per unit of sale, AED").fill("60")
    vendor.field("Opening stock").fill("80")
    vendor.field("Pictures").set_input_files(photos)
    expect(vendor.page.get_by_text("photo 5.png")).to_be_visible()
    vendor.button("List this product").click()
    expect(vendor.page.get_by_role("heading", level=1)).to_have_text("Khalas Dates 5 kg")
    expect(vendor.page.get_by_role("button", name="Remove picture 5")).to_be_visible()
    vendor.link("As buyers see it").click()
    expect(vendor.page.get_by_role("heading", level=1)).to_have_text("Khalas Dates 5 kg")
    return vendor.page.url.rsplit("/", 1)[-1]
