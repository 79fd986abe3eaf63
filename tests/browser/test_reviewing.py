"""A reviewer's day without a mouse, and what vendors and visitors see of it."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.mails import link_mailed
from tests.browser.places import Api
from tests.browser.visitor import Visitor
from tests.factories import pdf_bytes
from tests.runner.installation import Installation

PAPER = {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}


@dataclass(frozen=True)
class Applicant:
    """A company that has just applied."""

    code: str
    company: str
    email: str

    @property
    def page(self) -> str:
        return f"/admin/vendors/vendor/{self.code[1:]}/review/"


@pytest.fixture
def url(aqad: Installation) -> str:
    return f"http://127.0.0.1:{aqad.port}"


def apply(url: str, company: str) -> Applicant:
    email = f"{uuid.uuid4().hex[:8]}@papers.example"
    body = {
        "name": "Huda",
        "email": email,
        "phone": "+971501112233",
        "password": steps.PASSWORD,
        "company_name": company,
        "trade_license_number": uuid.uuid4().hex[:8],
        "emirate": "DXB",
        "trn": "100234567300003",
        "trade_license_expiry_date": _next_year(),
    }
    files = {kind: ("paper.pdf", pdf_bytes()) for kind in ("trade_license", "vat_certificate")}
    answer = requests.post(f"{url}/api/vendor/register", data=body, files=files, timeout=30)
    assert answer.status_code == 201, answer.text
    return Applicant(answer.json()["id"], company, email)


def test_one_is_approved_and_one_rejected_by_keyboard_alone_and_the_document_comes_again(
    visit: Visit, url: str, aqad: Installation
) -> None:
    first, second = apply(url, "Keyboard Dates LLC"), apply(url, "Blurred Honey LLC")
    staff = visit("admin")
    _go_to(staff, first)
    for paper in ("Trade licence", "VAT certificate"):
        _key(staff, "a", into=paper)
        staff.page.keyboard.press("Enter")
        staff.sees("%(paper)s: accepted.", paper=paper)
    _key(staff, "v")
    _send(staff, "Approve", mail="Keyboard Dates LLC is approved")
    staff.sees("%(company)s is approved. The mail is on its way.", company=first.company)

    _go_to(staff, second)
    _key(staff, "r", into="Trade licence")
    _choose_and_write(staff, "Page 2 is cut off.")
    staff.sees("%(paper)s: rejected. The vendor reads why with the next decision.", paper="Trade licence")

    def reject() -> None:
        _key(staff, "x")
        _choose_and_write(staff, "Thank you.")
        _send(staff, "Reject the application", mail="Page 2 is cut off.")
        staff.sees("The application of %(company)s is rejected. The mail is on its way.")

    mails = aqad.data / "mail"
    link = link_mailed(mails, second.email, "/apply/", reject, opens=lambda path: aqad.status(path) == 200)
    _send_again(visit(), link)
    _go_to(staff, second)
    expect(staff.page.locator(".corrections")).to_contain_text("Trade licence")
    expect(staff.page.locator(".corrections")).to_contain_text("Blurred Honey Trading LLC")


def test_a_suspended_vendors_products_vanish_from_the_store_at_once(visit: Visit, url: str) -> None:
    vendor = _approved(url)
    seller = Api(url, vendor.email, steps.PASSWORD)
    goods = {
        "name": "Sidr Honey",
        "price": "40.00",
        "quantity": 5,
        "category": "soft-drinks",
        "brand": "pepsi",
    }
    product = seller.post("/api/products", **goods)["id"]
    visitor = visit()
    visitor.open(f"/products/{product}")
    staff = visit("admin")
    staff.open(vendor.page)
    _key(staff, "x")
    _choose_and_write(staff, "Call us.")
    _send(staff, "Suspend", mail="Call us.")
    staff.sees("%(company)s is suspended. The mail is on its way.", company=vendor.company)
    gone = visitor.page.goto(f"/products/{product}")
    assert gone is not None
    assert gone.status == 404


def test_keys_are_shown_move_on_zoom_and_can_be_turned_off(visit: Visit) -> None:
    staff = visit("admin")
    page = staff.open("/admin/vendors/vendor/1003/review/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Oasis")
    expect(page.locator(".shelf [aria-current]")).to_contain_text("Trade licence")
    page.keyboard.press("j")
    expect(page.locator(".shelf [aria-current]")).to_contain_text("VAT certificate")
    assert [frame.url for frame in page.frames[1:2]] != []
    page.keyboard.press("+")
    expect(page.locator("[data-zoom-shown]")).to_have_text("125%")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("Use these keys").press("Space")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator(".shelf [aria-current]")).to_contain_text("VAT certificate")


def test_all_of_it_works_without_javascript(visit: Visit, url: str) -> None:
    applicant = apply(url, "Plain Forms LLC")
    staff = visit("admin", java_script_enabled=False)
    page = staff.open(applicant.page)
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    page.get_by_label("Ready-made reason").select_option("incomplete")
    page.get_by_role("button", name="Reject the document").click()
    expect(page.locator(".messagelist")).to_contain_text("Trade licence: rejected.")
    page.get_by_role("link", name="Reject the application…").click()
    page.get_by_label("Ready-made reason").select_option("documents")
    page.get_by_role("button", name="Show the mail").click()
    expect(page.locator(".mail")).to_contain_text("A page or part of the document is missing.")
    page.get_by_role("button", name="Reject the application").click()
    expect(page.locator(".messagelist")).to_contain_text("is rejected")


def _go_to(staff: Visitor, applicant: Applicant) -> None:
    """From the queue's first row by its next key to this vendor."""
    staff.open("/admin/vendors/vendor/queue/")
    expect(staff.page.locator("tbody a").first).to_be_focused()
    staff.page.keyboard.press("Enter")
    staff.page.wait_for_url("**/review/")
    for _each in range(30):
        heading = staff.page.get_by_role("heading", level=1)
        if applicant.code in heading.inner_text():
            return
        here = staff.page.url
        staff.page.keyboard.press("n")
        staff.page.wait_for_url(lambda there, here=here: there != here)
    raise AssertionError(f"{applicant.code} is not in the queue")


def _key(staff: Visitor, key: str, *, into: str = "") -> None:
    """Press a key of the map once the page has it; `into` is the document that must be shown."""
    expect(staff.button("Keys")).to_be_visible()
    if into:
        expect(staff.page.locator(".shelf [aria-current]")).to_contain_text(into)
    here = staff.page.url
    staff.page.keyboard.press(key)
    if key in "vx":
        staff.page.wait_for_url(lambda there: there != here)


def _choose_and_write(staff: Visitor, words: str) -> None:
    """From the list of reasons: the first one, some words, and the button that follows."""
    expect(staff.field("Ready-made reason")).to_be_focused()
    staff.page.keyboard.press("ArrowDown")
    staff.page.keyboard.press("Tab")
    staff.page.keyboard.type(words)
    staff.page.keyboard.press("Tab")
    staff.page.keyboard.press("Enter")


def _send(staff: Visitor, step: str, *, mail: str) -> None:
    """The mail is on the screen and its button under the finger."""
    expect(staff.page.locator(".mail")).to_contain_text(mail)
    expect(staff.button(step)).to_be_focused()
    staff.page.keyboard.press("Enter")


def _send_again(vendor: Visitor, link: str) -> None:
    vendor.open(link)
    vendor.sees("Page 2 is cut off.")
    vendor.field("Company name").fill("Blurred Honey Trading LLC")
    vendor.page.get_by_label("Trade licence", exact=True).set_input_files(PAPER)
    vendor.button("Send again").click()
    vendor.sees("We are checking your documents. You need do nothing; we write to you.")


def _approved(url: str) -> Applicant:
    applicant, admin = apply(url, "Soon Suspended LLC"), Api(url, "admin")
    for kind in ("trade_license", "vat_certificate"):
        admin.post(f"/api/vendors/{applicant.code}/documents/{kind}/accept")
    admin.post(f"/api/vendors/{applicant.code}/approve")
    return applicant


def _next_year() -> str:
    return (timezone.localdate() + timedelta(days=365)).isoformat()
