"""Facts of the United Arab Emirates: emirates, phones, tax numbers."""

import re
from functools import lru_cache

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from stdnum import luhn

EMIRATES = [
    ("AUH", _("Abu Dhabi")),
    ("DXB", _("Dubai")),
    ("SHJ", _("Sharjah")),
    ("AJM", _("Ajman")),
    ("UAQ", _("Umm Al Quwain")),
    ("RAK", _("Ras Al Khaimah")),
    ("FUJ", _("Fujairah")),
]
EMIRATE_CODES = frozenset(code for code, _name in EMIRATES)

_TRN = re.compile(r"1[0-9]{12}03")


def emirate(code: str) -> str:
    """The name of an emirate in the active language; what is no code of one stays as it is."""
    return str(dict(EMIRATES).get(code, code))


def town(city: str, emirate: str) -> str:
    """The city of an address, or "" where it says no more than the name of its emirate, in any language."""
    return "" if city.strip().casefold() in _names(emirate) else city


@lru_cache
def _names(emirate: str) -> frozenset[str]:
    names = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.append(str(dict(EMIRATES).get(emirate, "")).casefold())
    return frozenset(names)


def normalise_phone(text: str) -> str:
    """The number in E.164, read as one of the UAE where it carries no country code.

    Raises ValueError where it is no valid telephone number.
    """
    try:
        number = phonenumbers.parse(text, "AE")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a telephone number") from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError("not a valid telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_trn(text: str) -> bool:
    """Whether `text` has the shape of a tax registration number: 15 digits, 1 first, 03 last."""
    return _TRN.fullmatch(text) is not None


def trn_luhn_ok(trn: str) -> bool:
    """Whether the Luhn digit of a TRN is right. Some real numbers fail: warn, never refuse."""
    return luhn.is_valid(trn)


def tin_of(trn: str) -> str:
    """The tax identification number: the first ten digits of the TRN."""
    return trn[:10]
