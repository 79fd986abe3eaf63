"""People: creating them, signing them in and out, and ending what they hold."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import hashers, password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.errors import AccountLocked, InvalidCredentials, Unauthorized
from accounts.models import IdempotencyKey, OneTimeLink, TokenFamily, User
from aqad.lib.errors import AlreadyExists, Forbidden, Invalid
from aqad.lib.tokens import digest, new_nonce, token_for
from aqad.lib.web import limits
from audit import services as audit
from notifications import services as notifications

Purpose = OneTimeLink.Purpose
SETS_PASSWORD = (Purpose.PASSWORD_RESET, Purpose.INVITATION)


# People -----------------------------------------------------------------------------------------


def refuse_taken_email(email: str) -> None:
    """Raise AlreadyExists on `email`: before costly work; the unique index decides in the end."""
    if User.objects.with_email(email).exists():
        raise _email_taken()


def check_new_password(password: str, *, user: User, field: str = "password") -> None:
    """Raise Invalid on `field` unless the password is good enough for `user`, who need not be saved."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise Invalid(errors={field: list(error.messages)}) from error


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str | None,
    name: str,
    role: str,
    phone: str = "",
    access: str = User.Access.ACTIVE,
    code: str = "",
    language: str = "en",
) -> User:
    """Create a person. Without a password the person is invited: see `invite`.

    Raises AlreadyExists on `email`, Invalid on `password`.
    """
    user = User(
        email=email.strip().lower(),
        name=name,
        role=role,
        phone=phone,
        access=access,
        code=code,
        language=language,
        is_staff=role == User.Role.ADMIN,
    )
    if password is not None:
        check_new_password(password, user=user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise _email_taken() from error
    return user


def update_person(user: User, *, by: User | None, **changes: Any) -> User:
    """Change `name`, `phone` or `language`."""
    for name, value in changes.items():
        setattr(user, name, value)
    with transaction.atomic():
        user.save(update_fields=list(changes))
        note_change(user, by=by, fields=list(changes))
    return user


def note_change(user: User, *, by: User | None, fields: list[str]) -> None:
    """Write in the log which details of a person were changed."""
    audit.record(by, "changed", user, data={"fields": sorted(fields)})


def _email_taken() -> AlreadyExists:
    return AlreadyExists(errors={"email": [_("An account with this e-mail address exists already.")]})


# Signing in -------------------------------------------------------------------------------------


def limit_sign_ins(address: str) -> None:
    """Count one try to sign in from `address`. Raises RateLimited. API views declare the limit instead."""
    limits.check("login", limits.address_subject(address))


def identify(email: str, password: str) -> User:
    """The active person with this e-mail and password.

    Raises InvalidCredentials, with the same text and the same work whether the e-mail is known or not;
    AccountLocked, only after a right password; RateLimited before anything is hashed, once too many tries
    of this e-mail failed.
    """
    subject = f"email:{email.strip().lower()}"
    limits.check("login_email", subject)
    user = User.objects.with_email(email).first()
    if user is None:
        hashers.check_password(password, hashers.make_password(None))  # takes as long as a real one
        raise InvalidCredentials()
    if not user.check_password(password):
        raise InvalidCredentials()
    limits.forgive("login_email", subject)
    if not user.is_active:
        raise AccountLocked(user.access)
    return user


def sign_in(email: str, password: str) -> tokens.SignedIn:
    """Start a token family. Raises as `identify` does."""
    user = identify(email, password)
    family_id = uuid.uuid4()
    refresh = tokens.new_refresh(user, family_id)
    with transaction.atomic():
        TokenFamily.objects.create(
            id=family_id,
            user=user,
            current_jti=refresh["jti"],
            token_version=user.token_version,
            expires_at=_refresh_expiry(),
        )
        User.objects.filter(pk=user.pk).update(last_login=Now())
    return tokens.pair(user, refresh)


def refresh_tokens(refresh: str) -> tokens.SignedIn:
    """Exchange the family's current refresh token for a new pair. Locks the family.

    Any other refresh token of the family is one that was used already, by a thief or by its owner: nobody
    can tell, so the family ends. That holds for parallel refreshes too: one succeeds, the others end the
    family, and the person signs in again. A grace period would be a thief's as well; apps refresh one at a
    time. Raises Unauthorized.
    """
    claims = tokens.read_refresh(refresh)
    with transaction.atomic():
        signed_in = _rotate(claims)
    if signed_in is None:  # raised outside, so that the end of the family stays written
        raise Unauthorized()
    return signed_in


def sign_out(refresh: str, *, user: User) -> None:
    """End the family of one of the user's own refresh tokens; anything else is dead already."""
    try:
        claims = tokens.read_refresh(refresh)
    except Unauthorized:
        return
    if claims.user_id == user.pk:
        _end(TokenFamily.objects.filter(**tokens.family_of(claims)), "signed out")


def _rotate(claims: tokens.Claims) -> tokens.SignedIn | None:
    family = (
        TokenFamily.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(**tokens.family_of(claims), ended_at=None)
        .first()
    )
    if family is None or not family.user.is_active or family.user.token_version != claims.version:
        return None
    if family.current_jti != claims.jti:
        _end(TokenFamily.objects.filter(pk=family.pk), "reuse")
        return None
    refresh = tokens.new_refresh(family.user, family.pk)
    family.current_jti = refresh["jti"]
    family.expires_at = _refresh_expiry()
    family.save(update_fields=["current_jti", "expires_at"])
    return tokens.pair(family.user, refresh)


def _refresh_expiry() -> Any:
    return timezone.now() + settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]


def _end(families: QuerySet[TokenFamily], because: str) -> None:
    families.filter(ended_at=None).update(ended_at=Now(), ended_because=because)


# Ending what people hold ------------------------------------------------------------------------


@transaction.atomic
def end_sessions(user: User, *, because: str = "ended") -> None:
    """End all tokens and page sessions of one person, at once."""
    User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
    user.refresh_from_db(fields=["token_version"])
    _end(TokenFamily.objects.filter(user=user), because)


def set_access(code: str, access: str) -> None:
    """Give everybody of a company this access and end what they hold; who is deactivated stays so."""
    _give_access(User.objects.filter(code=code).exclude(access=User.Access.DEACTIVATED), access)


def set_person_access(user: User, access: str, *, by: User | None) -> None:
    """Give one person this access and end what that person holds.

    The caller knows that the company allows it: a member of a suspended one must not become active.
    """
    with transaction.atomic():
        _give_access(User.objects.filter(pk=user.pk), access)
        audit.record(by, "changed the access of", user, data={"access": access})
    user.refresh_from_db(fields=["access", "token_version"])


def deactivate(user: User, *, by: User) -> None:
    """Close a person's account. Raises Forbidden for one's own and, except to superusers, for staff."""
    if user.pk == by.pk or (user.is_staff and not by.is_superuser):
        raise Forbidden()
    set_person_access(user, User.Access.DEACTIVATED, by=by)


@transaction.atomic
def _give_access(users: QuerySet[User], access: str) -> None:
    ids = list(users.order_by("pk").select_for_update().values_list("pk", flat=True))
    User.objects.filter(pk__in=ids).update(access=access, token_version=F("token_version") + 1)
    _end(TokenFamily.objects.filter(user__in=ids), access)


# Passwords ----------------------------------------------------------------------------------------


def change_password(user: User, *, old_password: str, new_password: str) -> None:
    """Set a new password and end all sessions, this one included.

    Raises Invalid on `old_password`, with the sign-in's limit on failures, or on `new_password`.
    """
    subject = f"email:{user.email}"
    limits.check("login_email", subject)
    if not user.check_password(old_password):
        raise Invalid(errors={"old_password": [_("This is not your present password.")]})
    limits.forgive("login_email", subject)
    check_new_password(new_password, user=user, field="new_password")
    with transaction.atomic():
        _set_password(user, new_password)


def request_reset(email: str) -> None:
    """Mail a link to whoever has this address, if anybody: an unknown one makes no difference to see.

    Raises RateLimited.
    """
    limits.check("reset", f"email:{email.strip().lower()}")
    user = User.objects.with_email(email).exclude(access=User.Access.DEACTIVATED).first()
    if user is None:
        return
    with transaction.atomic():
        nonce = issue_link(user, Purpose.PASSWORD_RESET, seconds=settings.PASSWORD_RESET_SECONDS)
        notifications.notify(
            "password_reset",
            to=[user.pk],
            context={"name": user.name, "link": "/reset-password/{token}", "link_nonce": nonce},
        )


@transaction.atomic
def confirm_reset(token: str, new_password: str) -> User:
    """Set the password of the link's owner, whose address is thereby verified. Uses the link up.

    Raises Invalid on `token` or on `new_password`; the link is then as good as before.
    """
    user = redeem_link(token, *SETS_PASSWORD).user
    check_new_password(new_password, user=user, field="new_password")
    _set_password(user, new_password)
    _end_links(OneTimeLink.objects.filter(user=user, purpose__in=SETS_PASSWORD))
    User.objects.filter(pk=user.pk).update(email_verified_at=Coalesce("email_verified_at", Now()))
    return user


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user, because="password changed")
    audit.record(user, "changed the password of", user)
    notifications.notify("password_changed", to=[user.pk], context={"name": user.name})


# Links that are mailed ------------------------------------------------------------------------------


@transaction.atomic
def issue_link(user: User, purpose: str, *, seconds: int) -> str:
    """Make a one-time link and end earlier ones of its purpose. Returns the nonce its token is made of.

    Locks the user.
    """
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    end_links(user, purpose)
    nonce = new_nonce()
    OneTimeLink.objects.create(
        user=user,
        purpose=purpose,
        digest=digest(token_for(nonce)),
        expires_at=Now() + timedelta(seconds=seconds),
    )
    return nonce


def end_links(user: User, *purposes: str) -> None:
    """Make the person's open links of these purposes useless."""
    _end_links(OneTimeLink.objects.filter(user=user, purpose__in=purposes))


def peek_link(token: str, *purposes: str) -> User | None:
    """Whose valid link this is; it stays valid."""
    link = _valid_links(token, *purposes).select_related("user").first()
    return link.user if link else None


@transaction.atomic
def redeem_link(token: str, *purposes: str) -> OneTimeLink:
    """Use a link up. Locks its user, as issuing one does; the UPDATE decides who was first.

    Raises Invalid on `token` when it is unknown, used or expired.
    """
    links = _valid_links(token, *purposes)
    if link := links.first():
        link.user = User.objects.select_for_update().get(pk=link.user_id)
    if link is None or not links.update(used_at=Now()):
        raise Invalid(errors={"token": [_("This link is no longer valid. Ask for a new one.")]})
    return link


def invite(user: User, *, company: str) -> None:
    """Mail a person created without a password the link that sets one."""
    with transaction.atomic():
        nonce = issue_link(user, Purpose.INVITATION, seconds=settings.INVITATION_SECONDS)
        notifications.notify(
            "invitation",
            to=[user.pk],
            context={
                "name": user.name,
                "company": company,
                "link": "/reset-password/{token}",
                "link_nonce": nonce,
            },
        )


def send_verification(user: User) -> None:
    """Mail the link that proves the person's address."""
    with transaction.atomic():
        nonce = issue_link(user, Purpose.EMAIL_VERIFICATION, seconds=settings.EMAIL_VERIFICATION_SECONDS)
        notifications.notify(
            "verify_email",
            to=[user.pk],
            context={"name": user.name, "link": "/verify-email/{token}", "link_nonce": nonce},
        )


@transaction.atomic
def verify_email(token: str) -> User:
    """Note that the address is the person's own. Uses the link up; raises Invalid on `token`."""
    user = redeem_link(token, Purpose.EMAIL_VERIFICATION).user
    User.objects.filter(pk=user.pk).update(email_verified_at=Now())
    audit.record(user, "verified the e-mail address of", user)
    return user


def _valid_links(token: str, *purposes: str) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(
        digest=digest(token), purpose__in=purposes, used_at=None, expires_at__gt=Now()
    )


def _end_links(links: QuerySet[OneTimeLink]) -> None:
    links.filter(used_at=None).update(used_at=Now())


# Cleaning -------------------------------------------------------------------------------------------


def forget_expired() -> None:
    """Delete idempotency keys, token families and links that can mean nothing any more. Safe to repeat."""
    now = Now()
    IdempotencyKey.objects.filter(created_at__lt=now - timedelta(hours=settings.IDEMPOTENCY_HOURS)).delete()
    TokenFamily.objects.filter(expires_at__lt=now).delete()
    OneTimeLink.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()
