"""What may not stand in a log line: tokens in addresses, and values named as secrets."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

MASK = "***"
SECRET_NAMES = frozenset(
    {"password", "old_password", "new_password", "token", "access_token", "refresh", "otp", "pin", "secret"}
    | {"authorization", "cookie", "sessionid", "csrfmiddlewaretoken", "signature", "sig", "api_key"}
    | {"card_number", "cvc"}
)
_SECRET_PATHS = re.compile(
    r"(/api/vendor/application/(?!link(?:/|$))|/(?:apply|verify-email|confirm-email|reset-password|pay|files)/)[^?\s\"']+"
)
_LONG_SEGMENT = re.compile(r"(?<=/)[A-Za-z0-9_.:=~-]{32,}(?=/|$|\?|\s)")
_BEARER = re.compile(r"(?i)\b(bearer)\s+[A-Za-z0-9._~+/=-]+")
_ASSIGNED = re.compile(rf"(?i)\b({'|'.join(sorted(SECRET_NAMES))})=[^&\s\"']+")


def mask_path(path: str) -> str:
    """The path with one-time links, signed files and anything that looks like a token blotted out."""
    if path.startswith(("/static/", "/media/")):
        return path
    return _LONG_SEGMENT.sub(MASK, _SECRET_PATHS.sub(rf"\1{MASK}", path))


def mask_text(text: str) -> str:
    """Free text, such as another library's log line, without bearer tokens and secret values or paths."""
    return _ASSIGNED.sub(rf"\1={MASK}", _BEARER.sub(rf"\1 {MASK}", _SECRET_PATHS.sub(rf"\1{MASK}", text)))


def mask_values(text: str, known: Mapping[str, Any]) -> str:
    """As `mask_text`, and without the values that `known` has under secret names, wherever they stand."""
    for name, value in known.items():
        if value and name.lower() in SECRET_NAMES:
            text = re.sub(rf"(?<!\w){re.escape(str(value))}(?!\w)", MASK, text)
    return mask_text(text)


def mask_query(query: str) -> str:
    """The query string with the values of secret parameters blotted out, at most 500 characters of it."""
    pairs = []
    for pair in query[:500].split("&"):
        name, _, value = pair.partition("=")
        pairs.append(f"{name}={MASK}" if value and unquote_plus(name).lower() in SECRET_NAMES else pair)
    return "&".join(pairs)


def mask_mapping(values: dict[str, Any]) -> dict[str, Any]:
    """The same mapping with the values of secret names blotted out."""
    return {name: MASK if name.lower() in SECRET_NAMES else value for name, value in values.items()}
