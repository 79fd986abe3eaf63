"""Secrets that travel in links.

A link's token is derived from a random nonce with SECRET_KEY; tables keep the token's hash and the
outbox keeps the nonce, so neither a database dump nor an undelivered mail gives a usable link.
"""

import hashlib
import secrets

from django.utils.crypto import salted_hmac


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def token_for(nonce: str) -> str:
    """The token that belongs to a nonce: 48 hexadecimal characters."""
    return salted_hmac("aqad.lib.tokens", nonce, algorithm="sha256").hexdigest()[:48]


def digest(token: str) -> str:
    """What tables keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
