"""The hosted page: what it shows, what it refuses, in both languages."""

from datetime import UTC, datetime

import pytest

from payments.tests.sandbox_process import CARD, DECLINED, http


def test_the_page_shows_the_order_and_one_card_form(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    answer = http("GET", redirect.url)

    assert answer.status_code == 200
    assert answer.text.count("<form") == 1
    for shown in ("4,725.00", "PAY1001", "AQAD checkout CHK1001", "orders@freshmart.example", "Sandbox"):
        assert shown in answer.text
    for name in ("card_number", "expiry", "cvc"):
        assert f'<label for="{name}">' in answer.text


def test_the_page_lets_no_script_in_and_forms_lead_only_to_itself_and_the_merchant(
    sandbox, gateway, payment_request
):
    redirect = gateway.start(payment_request())

    answer = http("GET", redirect.url)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8000" in policy
    assert "script-src" not in policy
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("typed", "field", "complaint"),
    [
        ({"number": "4242424242424241"}, "card_number", "This is not a card number."),
        ({"number": "42"}, "card_number", "This is not a card number."),
        ({"number": ""}, "card_number", "Type the card number."),
        ({"expiry": "01/20"}, "expiry", "This card has expired."),
        ({"expiry": "13/40"}, "expiry", "Type the month and year"),
        ({"expiry": "12/99"}, "expiry", "Type the month and year"),
        ({"expiry": ""}, "expiry", "Type the expiry date."),
        ({"cvc": "12"}, "cvc", "The security code has three or four digits."),
        ({"cvc": ""}, "cvc", "Type the security code."),
    ],
)
def test_wrong_input_is_said_beside_its_field(sandbox, gateway, payment_request, typed, field, complaint):
    redirect = gateway.start(payment_request())

    answer = sandbox.pay(redirect.url, **typed)

    assert answer.status_code == 400
    assert complaint in answer.text.split(f'id="{field}-error">')[1].split("</p>")[0]
    assert answer.text.count('aria-invalid="true"') == 1
    assert gateway.fetch(redirect.session_id).status == "pending"
    assert sandbox.pay(redirect.url).status_code == 303


def test_what_was_typed_stays_but_the_security_code(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    page = sandbox.pay(redirect.url, number="4242 4242 4242 4242", expiry='0"><b>', cvc="987").text

    assert 'value="4242 4242 4242 4242"' in page
    assert "0&quot;&gt;&lt;b&gt;" in page
    assert 'name="cvc" value=""' in page
    assert "987" not in page.replace(redirect.session_id, "")  # which is random and may hold it


def test_a_card_is_good_to_the_end_of_its_month(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    assert sandbox.pay(redirect.url, expiry=f"{datetime.now(UTC):%m / %Y}").status_code == 303


def test_arabic_digits_are_understood(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request(language="ar"))
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

    answer = sandbox.pay(
        redirect.url, CARD.translate(arabic), "12/40".translate(arabic), "123".translate(arabic)
    )

    assert answer.status_code == 303
    assert gateway.fetch(redirect.session_id).status == "paid"


def test_the_arabic_page_reads_from_right_to_left(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request(language="ar"))

    page, refused = http("GET", redirect.url), sandbox.pay(redirect.url, number="1")

    assert '<html lang="ar" dir="rtl">' in page.text
    assert "بيانات البطاقة" in page.text
    assert "رقم البطاقة غير صحيح" in refused.text


def test_what_the_merchant_sends_is_shown_as_text(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request(description="<script>alert(1)</script>"))

    page = http("GET", redirect.url).text

    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(("number", "heading"), [(CARD, "Payment complete"), (DECLINED, "Payment not made")])
def test_an_ended_session_says_so_and_leads_back(sandbox, gateway, payment_request, number, heading):
    request = payment_request(return_url="http://127.0.0.1:8000/back")
    redirect = gateway.start(request)
    sandbox.pay(redirect.url, number)

    page = http("GET", redirect.url)

    assert page.status_code == 200
    assert heading in page.text
    assert f'href="{request.return_url}"' in page.text
    assert "<form" not in page.text


def test_an_unknown_session_is_a_page_that_says_so(sandbox):
    answer = http("GET", f"{sandbox.url}/pay/cs_unknown")

    assert answer.status_code == 404
    assert "There is no such payment" in answer.text


def test_the_style_sheet_and_the_mark_are_served_and_nothing_else(sandbox):
    assert http("GET", f"{sandbox.url}/static/style.css").headers["Content-Type"].startswith("text/css")
    assert http("GET", f"{sandbox.url}/static/mark.svg").status_code == 200
    assert http("GET", f"{sandbox.url}/static/store.py").status_code == 404


def test_an_oversized_form_is_refused(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    answer = sandbox.pay(redirect.url, number="4" * 40_000)

    assert answer.status_code == 413
    assert gateway.fetch(redirect.session_id).status == "pending"
