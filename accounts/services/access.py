"""Ending what people hold, and who may use an account at all."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from accounts.models import TokenFamily, User
from audit import services as audit


@transaction.atomic
def end_sessions(user: User, *, because: str = "ended") -> None:
    """End all tokens and page sessions of one person, at once."""
    User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
    user.refresh_from_db(fields=["token_version"])
    end_families(TokenFamily.objects.filter(user=user), because)


def set_access(code: str, access: str) -> None:
    """Give everybody of a company this access and end what they hold; who is deactivated stays so."""
    _give_access(User.objects.filter(code=code).exclude(access=User.Access.DEACTIVATED), access)


def set_person_access(user: User, access: str, *, by: User | None, reason: str = "") -> None:
    """Give one person this access and end what that person holds.

    The caller knows that the company allows it: a member of a suspended one must not become active.
    """
    with transaction.atomic():
        _give_access(User.objects.filter(pk=user.pk), access)
        audit.record(by, "changed the access of", user, reason=reason, data={"access": access})
    user.refresh_from_db(fields=["access", "token_version"])


@transaction.atomic
def _give_access(users: QuerySet[User], access: str) -> None:
    ids = list(users.order_by("pk").select_for_update().values_list("pk", flat=True))
    User.objects.filter(pk__in=ids).update(access=access, token_version=F("token_version") + 1)
    end_families(TokenFamily.objects.filter(user__in=ids), access)


def end_families(families: QuerySet[TokenFamily], because: str) -> int:
    """End token families that have not ended yet. Returns how many."""
    return families.filter(ended_at=None).update(ended_at=Now(), ended_because=because)
