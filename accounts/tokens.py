"""The JWTs of apps: made from a token family, read without a doubt about who signed them."""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.errors import Unauthorized
from accounts.models import User


@dataclass(frozen=True)
class Claims:
    user_id: int
    family_id: str
    version: int
    jti: str


@dataclass(frozen=True)
class SignedIn:
    """A pair of tokens and whose they are."""

    user: User
    access: str
    refresh: str


def new_refresh(user: User, family_id: Any) -> RefreshToken:
    token = RefreshToken()
    token["user_id"] = user.pk
    token["family"] = str(family_id)
    token["version"] = user.token_version
    return token


def same_refresh(user: User, family_id: Any, *, jti: str, made_at: datetime) -> RefreshToken:
    """The refresh token that was made at `made_at` with this id, once more."""
    token = new_refresh(user, family_id)
    token["jti"] = jti
    token.current_time = made_at
    token.set_exp()
    token.set_iat()
    return token


def pair(user: User, refresh: RefreshToken) -> SignedIn:
    """The refresh token with its access token, which has the same id each time it is made of it."""
    access = refresh.access_token
    access.set_iat(at_time=refresh.current_time)
    access["jti"] = salted_hmac("accounts.tokens.access", refresh["jti"], algorithm="sha256").hexdigest()[:32]
    return SignedIn(user, str(access), str(refresh))


def read_access(text: str) -> Claims:
    """What a valid access token says. Raises Unauthorized.

    An app sends the same token for minutes: its signature is checked once by each process, its age each time.
    """
    claims, expires = _checked_access(text)
    if expires <= time.time():
        raise Unauthorized()
    return claims


def read_refresh(text: str) -> Claims:
    """What a valid refresh token says. Raises Unauthorized."""
    return _claims(_read(RefreshToken, text))


def family_of(claims: Claims) -> dict[str, Any]:
    """The filter that finds the token's family."""
    return {"pk": claims.family_id, "user_id": claims.user_id, "token_version": claims.version}


@lru_cache(maxsize=4096)
def _checked_access(text: str) -> tuple[Claims, int]:
    """What it says, and until when, in seconds since 1970; a refusal is not kept."""
    token = _read(AccessToken, text)
    return _claims(token), token["exp"]


def _read(kind: type[Token], text: str) -> Token:
    try:
        return kind(text)  # type: ignore[arg-type] # takes the encoded text as well
    except TokenError as error:
        raise Unauthorized() from error


def _claims(token: Token) -> Claims:
    try:
        return Claims(token["user_id"], token["family"], token["version"], token["jti"])
    except KeyError as error:
        raise Unauthorized() from error
