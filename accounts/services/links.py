"""One-time links that are mailed to people."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import OneTimeLink, User
from aqad.lib.errors import Invalid
from aqad.lib.tokens import digest, new_nonce, token_for
from audit import services as audit
from notifications import services as notifications

Purpose = OneTimeLink.Purpose
SETS_PASSWORD = (Purpose.PASSWORD_RESET, Purpose.INVITATION)


@transaction.atomic
def issue_link(user: User, purpose: str, *, seconds: int, email: str = "") -> str:
    """Make a one-time link and end earlier ones of its purpose. Returns the nonce its token is made of.

    `email` is kept with it for whoever redeems it. Locks the user.
    """
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    end_links(user, purpose)
    nonce = new_nonce()
    OneTimeLink.objects.create(
        user=user,
        purpose=purpose,
        digest=digest(token_for(nonce)),
        email=email,
        expires_at=Now() + timedelta(seconds=seconds),
    )
    return nonce


def end_links(user: User, *purposes: str) -> None:
    """Make the person's open links of these purposes useless."""
    links = OneTimeLink.objects.filter(user=user, purpose__in=purposes, used_at=None)
    links.update(used_at=Now())


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
