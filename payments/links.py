"""AQAD's own signed links round the gateway: they need no sign-in, because a phone's browser has none."""

from typing import Any

from django.conf import settings
from django.core import signing

_SALT = "payments.links"


def pay_url(payment: Any) -> str:
    """Where the buyer's browser goes to pay; it opens the gateway's page."""
    return f"{settings.PUBLIC_URL}/pay/{_token(payment)}"


def result_url(payment: Any) -> str:
    """Where the gateway sends the buyer's browser back to."""
    return f"{settings.PUBLIC_URL}/pay/{_token(payment)}/result"


def read(token: str) -> int | None:
    """The payment's primary key, or None for a token that is not ours."""
    try:
        return int(signing.Signer(salt=_SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _token(payment: Any) -> str:
    return signing.Signer(salt=_SALT).sign_object(payment.pk)
