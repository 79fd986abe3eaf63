"""The test cards, and the reading of what a person types into the card form."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

LONGEST_VALIDITY_YEARS = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A test card and what happens when one pays with it.

    `reason` makes it a declined card; `late` has its webhook come late and twice; `refunds` is how refunds on
    it end (`pending` ones succeed some seconds later).
    """

    number: str
    name: str
    reason: str = ""
    challenge: bool = False
    late: bool = False
    refunds: Literal["succeeded", "failed", "pending"] = "succeeded"


CARDS = (
    Card("4242424242424242", "pays"),
    Card("4000000000000002", "declined", reason="card_declined"),
    Card("4000000000009995", "insufficient", reason="insufficient_funds"),
    Card("4000000000003220", "challenged", challenge=True),
    Card("4000000000000259", "late", late=True),
    Card("4000000000005126", "refunds_fail", refunds="failed"),
    Card("4000000000007726", "refunds_slow", refunds="pending"),
)
UNKNOWN = Card("", "unknown", reason="unknown_test_card")
BY_NUMBER = {card.number: card for card in CARDS}
BY_NAME = {card.name: card for card in (*CARDS, UNKNOWN)}


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed: the card it names, or the word of each field's fault."""

    card: Card
    last4: str
    errors: dict[str, str]


def read_entry(form: Mapping[str, str]) -> Entry:
    """Read `card_number`, `expiry` and `cvc`. Spaces and dashes are tolerated, and any script's digits."""
    number = re.sub(r"[\s-]", "", latin_digits(form.get("card_number", "")))
    errors: dict[str, str] = {}
    if fault := _number_fault(number):
        errors["card_number"] = fault
    if fault := _expiry_fault(latin_digits(form.get("expiry", ""))):
        errors["expiry"] = fault
    if fault := _cvc_fault(latin_digits(form.get("cvc", "")).strip()):
        errors["cvc"] = fault
    return Entry(BY_NUMBER.get(number, UNKNOWN), number[-4:], errors)


def latin_digits(text: str) -> str:
    """Write the digits of any script as 0–9 and drop invisible marks, which pasted Arabic text carries."""
    kept = (character for character in text if unicodedata.category(character) != "Cf")
    return "".join(str(unicodedata.digit(character, character)) for character in kept)


def passes_luhn(number: str) -> bool:
    """Check the last digit (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(digit * 2, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _number_fault(number: str) -> str:
    if not number:
        return "card_number_missing"
    if not re.fullmatch(r"[0-9]{12,19}", number) or not passes_luhn(number):
        return "card_number_wrong"
    return ""


def _expiry_fault(text: str) -> str:
    if not text.strip():
        return "expiry_missing"
    match = re.fullmatch(r"\s*([0-9]{1,2})\s*[/\s.-]\s*((?:20)?[0-9]{2})\s*|\s*([0-9]{2})([0-9]{2})\s*", text)
    if match is None:
        return "expiry_wrong"
    month, year = int(match[1] or match[3]), int(match[2] or match[4]) % 100 + 2000
    if not 1 <= month <= 12:
        return "expiry_wrong"
    today: date = datetime.now(UTC).date()
    if (year, month) < (today.year, today.month):
        return "expiry_past"
    return "expiry_wrong" if year > today.year + LONGEST_VALIDITY_YEARS else ""


def _cvc_fault(text: str) -> str:
    if not text:
        return "cvc_missing"
    return "" if re.fullmatch(r"[0-9]{3,4}", text) else "cvc_wrong"
