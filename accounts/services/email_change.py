"""A new e-mail address for a person: asked for with the password, taken over by a link mailed to it."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.errors import InvalidCredentials
from accounts.models import OneTimeLink, User
from accounts.services.access import end_sessions
from accounts.services.links import end_links, issue_link, redeem_link
from accounts.services.passwords import confirm_password
from accounts.services.people import sendable_email
from aqad.lib.errors import Forbidden, Invalid
from aqad.lib.web import limits
from audit import services as audit
from notifications import services as notifications

Purpose = OneTimeLink.Purpose
MAILED_TO_OLD = (Purpose.PASSWORD_RESET, Purpose.INVITATION, Purpose.EMAIL_VERIFICATION)


def request_email_change(user: User, *, email: str, password: str) -> None:
    """Mail a link to the new address, and a notice to the present one. Nothing changes before it is used.

    An address that has an account already gets a notice instead; the answer, and the work, are the same.
    Raises Invalid on `password` or `email`, RateLimited.
    """
    try:
        confirm_password(user, password, for_what="e-mail address")
    except InvalidCredentials as error:
        raise Invalid(errors={"password": [error.message]}) from error
    _ask(user, email, by=user)


def correct_email(user: User, *, email: str, by: User) -> None:
    """The same by staff, for somebody who cannot sign in to do it. Raises Invalid on `email`, RateLimited."""
    if user.access == User.Access.DEACTIVATED:
        raise Forbidden()
    _ask(user, email, by=by)


@transaction.atomic
def confirm_email_change(token: str) -> User:
    """Take the link's address over, which is thereby verified. Uses the link up; sends email_changed.

    All sessions end, since one signs in differently from now on, and so do links mailed to the old address.
    Raises Invalid on `token`, also when somebody else took the address meanwhile.
    """
    link = redeem_link(token, Purpose.EMAIL_CHANGE)
    user, before = link.user, link.user.email
    if user.access == User.Access.DEACTIVATED:
        raise _link_is_over()
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=link.email, email_verified_at=Now())
    except IntegrityError as error:
        raise _link_is_over() from error
    user.refresh_from_db(fields=["email", "email_verified_at"])
    end_links(user, *MAILED_TO_OLD)
    end_sessions(user, because="e-mail changed")
    audit.record(user, "changed the e-mail address of", user, data={"before": before, "after": user.email})
    notifications.notify("email_changed", to=[user.pk], context={"address": before})
    events.email_changed.send(sender=User, user=user, before=before)
    return user


def _ask(user: User, email: str, *, by: User) -> None:
    email = sendable_email(email)
    if email == user.email.lower():
        raise Invalid(errors={"email": [_("This is the present address already.")]})
    limits.check("email_change", f"user:{user.pk}")
    limits.check("email_change", f"email:{email}")
    with transaction.atomic():
        nonce = issue_link(user, Purpose.EMAIL_CHANGE, seconds=settings.EMAIL_CHANGE_SECONDS, email=email)
        other = User.objects.with_email(email).first()
        if other is None:
            link = {"link": "/confirm-email/{token}", "link_nonce": nonce, "address": email}
            notifications.notify("email_change", to=[user.pk], context=link)
        else:
            notifications.notify("email_change_taken", to=[other.pk])
        notifications.notify("email_change_asked", to=[user.pk])
        audit.record(by, "asked to change the e-mail address of", user)


def _link_is_over() -> Invalid:
    return Invalid(errors={"token": [_("This link is no longer valid. Ask for a new one.")]})
