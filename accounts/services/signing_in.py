"""Signing people in and out, and keeping apps signed in."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import hashers
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Least, Now
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import tokens
from accounts.errors import AccountLocked, InvalidCredentials, Unauthorized, UnknownEmail
from accounts.failed_sign_ins import KNOWN_ADDRESS_DAYS, of_sign_in
from accounts.lifetimes import of_tokens
from accounts.models import PageSession, TokenFamily, User
from accounts.origin import UNKNOWN, Origin
from accounts.second_factor import Step, next_step
from accounts.services.access import end_families
from accounts.services.second_factor import require_code
from accounts.sign_in_tally import counted
from aqad.lib.web import limits


@counted(good="")
def limit_sign_ins(address: str) -> None:
    """Count one try to sign in from `address`. Raises RateLimited. API views declare the limit instead."""
    limits.check("login", limits.address_subject(address))


@counted()
def identify(email: str, password: str, *, origin: Origin = UNKNOWN) -> User:
    """The active person with this e-mail and password.

    Raises InvalidCredentials, with the same text and the same work whether the e-mail is known or not;
    AccountLocked, only after a right password; RateLimited before anything is hashed, once too many tries
    failed: of this person from this device or address where that is known, else of this e-mail.
    """
    user = _find(email, origin)
    failures = of_sign_in(email, user, origin, is_known_address=getattr(user, "is_known_address", False))
    failures.check()
    if user is None:
        hashers.check_password(password, hashers.make_password(None))  # takes as long as a real one
        raise UnknownEmail()
    if not user.check_password(password):
        raise InvalidCredentials()
    failures.forgive()
    if not user.is_active:
        raise AccountLocked(user.access)
    return user


def sign_in(
    email: str, password: str, otp: str | None = None, *, origin: Origin = UNKNOWN
) -> tokens.SignedIn:
    """Start a token family. `otp` is the second factor, looked at only where the person has one.

    Raises as `identify` and `require_code` do.
    """
    user = identify(email, password, origin=origin)
    require_code(user, otp)
    family_id = uuid.uuid4()
    refresh = tokens.new_refresh(user, family_id)
    with transaction.atomic():
        TokenFamily.objects.create(
            id=family_id,
            user=user,
            current_jti=refresh["jti"],
            token_version=user.token_version,
            address=origin.address,
            device=origin.device,
            expires_at=Now() + of_tokens(for_staff=user.is_staff).idle,
        )
        User.objects.filter(pk=user.pk).update(last_login=Now())
    return tokens.pair(user, refresh)


def _find(email: str, origin: Origin) -> User | None:
    """Whose e-mail it is, with `is_known_address`. One statement, the same for an unknown e-mail."""
    own = Q(user=OuterRef("pk"), address=origin.address) & ~Q(address="")
    recent = Q(created_at__gt=Now() - timedelta(days=KNOWN_ADDRESS_DAYS))
    return (
        User.objects.with_email(email)
        .annotate(
            is_known_address=Exists(TokenFamily.objects.filter(own & recent))
            | Exists(PageSession.objects.filter(own & recent))
        )
        .first()
    )


@dataclass(frozen=True)
class Refreshed:
    """A pair of tokens, and whether it was given before."""

    signed_in: tokens.SignedIn
    repeated: bool


def refresh_tokens(refresh: str, *, key: str = "") -> Refreshed:
    """Exchange the family's current refresh token for a new pair. Locks the family.

    Any other refresh token of the family is one that was used already, by a thief or by its owner: nobody
    can tell, so the family ends. That holds for parallel refreshes too: one succeeds, the others end the
    family, and the person signs in again. The one exception: the token that was exchanged last, sent again
    with the same `key` within REFRESH_REPEAT_SECONDS, gets the same pair again
    (docs/decisions/strict-refresh.md). Raises Unauthorized.
    """
    claims = tokens.read_refresh(refresh)
    with transaction.atomic():
        refreshed = _rotate(claims, key)
    if refreshed is None:  # raised outside, so that the end of the family stays written
        raise Unauthorized()
    return refreshed


def sign_out(refresh: str, *, user: User) -> None:
    """End the family of one of the user's own refresh tokens; anything else is dead already."""
    try:
        claims = tokens.read_refresh(refresh)
    except Unauthorized:
        return
    if claims.user_id == user.pk:
        end_families(TokenFamily.objects.filter(**tokens.family_of(claims)), "signed out")


def _rotate(claims: tokens.Claims, key: str) -> Refreshed | None:
    family = (
        TokenFamily.objects.select_for_update(of=("self",))
        .select_related("user")
        .annotate(is_repeatable=Q(repeatable_until__gt=Now()))
        .filter(**tokens.family_of(claims), ended_at=None, expires_at__gt=Now())
        .first()
    )
    if family is None or not family.user.is_active or family.user.token_version != claims.version:
        return None
    if (
        family.user.is_staff and next_step(family.user) is Step.SET_UP
    ):  # signed in before a second factor was required
        return None
    if family.current_jti == claims.jti:
        return Refreshed(_exchange(family, key), repeated=False)
    made_at = family.refreshed_at if family.is_repeatable else None
    if made_at and _is_repeated(family, claims, key):
        again = tokens.same_refresh(family.user, family.pk, jti=family.current_jti, made_at=made_at)
        return Refreshed(tokens.pair(family.user, again), repeated=True)
    end_families(TokenFamily.objects.filter(pk=family.pk), "reuse")
    return None


def _exchange(family: TokenFamily, key: str) -> tokens.SignedIn:
    """A new pair; what repeats it is kept only where the client named a key."""
    refresh, lifetime = tokens.new_refresh(family.user, family.pk), of_tokens(for_staff=family.user.is_staff)
    TokenFamily.objects.filter(pk=family.pk).update(
        current_jti=refresh["jti"],
        refreshed_at=refresh.current_time,
        replaced_jti=family.current_jti if key else "",
        replaced_key=_kept_key(family, key) if key else "",
        repeatable_until=Now() + timedelta(seconds=settings.REFRESH_REPEAT_SECONDS) if key else None,
        last_used_at=Now(),
        expires_at=Least(Now() + lifetime.idle, F("created_at") + lifetime.longest),
    )
    return tokens.pair(family.user, refresh)


def _is_repeated(family: TokenFamily, claims: tokens.Claims, key: str) -> bool:
    is_last = bool(key) and family.replaced_jti == claims.jti
    return is_last and constant_time_compare(family.replaced_key, _kept_key(family, key))


def _kept_key(family: TokenFamily, key: str) -> str:
    return salted_hmac("accounts.refresh_key", f"{family.pk} {key}", algorithm="sha256").hexdigest()
