"""Passwords: changing one's own, and setting a new one by a mailed link."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidCredentials
from accounts.failed_sign_ins import of_password
from accounts.models import OneTimeLink, User
from accounts.services.access import end_sessions
from accounts.services.link_requests import request_link
from accounts.services.links import SETS_PASSWORD, end_links, issue_link, redeem_link
from accounts.services.people import check_new_password
from aqad.lib.errors import Invalid
from aqad.lib.text.cleaning import email_key
from aqad.lib.web import limits
from audit import services as audit
from notifications import services as notifications


def change_password(user: User, *, old_password: str, new_password: str) -> None:
    """Set a new password and end all sessions, this one included.

    Raises Invalid on `old_password`, with the person's own limit on failures, or on `new_password`.
    """
    failures = of_password(user)
    failures.check()
    if not user.check_password(old_password):
        raise Invalid(errors={"old_password": [_("This is not your present password.")]})
    failures.forgive()
    check_new_password(new_password, user=user, field="new_password")
    with transaction.atomic():
        _set_password(user, new_password)


def confirm_password(user: User, password: str, *, for_what: str) -> None:
    """See that somebody signed in is still who signed in. In the log; failures are counted by person.

    Raises InvalidCredentials, RateLimited.
    """
    failures = of_password(user)
    failures.check()
    if not user.check_password(password):
        audit.record(user, "failed to confirm the password of", user, data={"for": for_what})
        raise InvalidCredentials(_("This is not your password."))
    failures.forgive()
    audit.record(user, "confirmed the password of", user, data={"for": for_what})


def request_reset(email: str) -> None:
    """Have a link mailed to whoever has this address, if anybody. Raises RateLimited.

    An unknown address makes no difference to see, nor to measure: the worker looks it up.
    """
    limits.check("reset", f"email:{email_key(email)}")
    request_link(email, OneTimeLink.Purpose.PASSWORD_RESET)


def mail_reset(email: str) -> None:
    """Mail a link to whoever has this address, if anybody."""
    user = User.objects.with_email(email).exclude(access=User.Access.DEACTIVATED).first()
    if user is None:
        return
    with transaction.atomic():
        nonce = issue_link(user, OneTimeLink.Purpose.PASSWORD_RESET, seconds=settings.PASSWORD_RESET_SECONDS)
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
    end_links(user, *SETS_PASSWORD)
    User.objects.filter(pk=user.pk).update(email_verified_at=Coalesce("email_verified_at", Now()))
    return user


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user, because="password changed")
    end_links(user, OneTimeLink.Purpose.EMAIL_CHANGE)  # whoever asked for it knew the old password
    audit.record(user, "changed the password of", user)
    notifications.notify("password_changed", to=[user.pk], context={"name": user.name})
