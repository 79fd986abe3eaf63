"""What can mean nothing any more is deleted."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.failed_sign_ins import KNOWN_ADDRESS_DAYS
from accounts.models import IdempotencyKey, LinkRequest, OneTimeLink, PageSession, TokenFamily, User
from accounts.services import access
from aqad.lib.deleting import delete_in_batches
from notifications.retention import forget_messages_of


def forget_expired() -> None:
    """Delete sessions, token families, links and idempotency keys whose time is over. Safe to repeat."""
    now = Now()
    delete_in_batches(PageSession.objects.filter(expires_at__lt=now))
    known = timedelta(days=KNOWN_ADDRESS_DAYS)  # a family also remembers from where somebody signed in
    delete_in_batches(TokenFamily.objects.filter(expires_at__lt=now, created_at__lt=now - known))
    delete_in_batches(OneTimeLink.objects.filter(expires_at__lt=now - timedelta(days=30)))
    delete_in_batches(LinkRequest.objects.filter(created_at__lt=now - timedelta(days=7)))
    old = timedelta(hours=settings.IDEMPOTENCY_HOURS)
    delete_in_batches(IdempotencyKey.objects.filter(created_at__lt=now - old))


@transaction.atomic
def forget_person(user: User) -> None:
    """Take name, address, telephone and password of one person away and close the account for good.

    The row stays, because other rows name who acted. All sessions, tokens, links and messages end. Safe to
    repeat; within the caller's transaction.
    """
    access.end_sessions(user, because="forgotten")
    PageSession.objects.filter(user=user).delete()
    TokenFamily.objects.filter(user=user).delete()
    OneTimeLink.objects.filter(user=user).delete()
    forget_messages_of(user.pk)
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(
        email=f"forgotten-{user.pk}@closed.invalid",  # RFC 2606: no mail ever gets there
        name="",
        phone="",
        password=user.password,
        access=User.Access.DEACTIVATED,
    )
