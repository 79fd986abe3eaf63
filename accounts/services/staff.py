"""What staff do to people's accounts, and who of them has which rights."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts import events, rights
from accounts.models import User
from accounts.services.access import end_sessions, set_person_access
from accounts.services.links import invite
from accounts.services.people import create_user
from aqad.lib.errors import Forbidden, InvalidTransition
from audit import services as audit


@transaction.atomic
def invite_staff(
    *, email: str, name: str, groups: Collection[Group], by: User, phone: str = "", language: str = "en"
) -> User:
    """Make the account of a new staff member and mail the link that sets the password.

    Raises AlreadyExists on `email`, Forbidden to all but superusers.
    """
    _require_all_rights(by)
    user = create_user(
        email=email, password=None, name=name, role=User.Role.ADMIN, phone=phone, language=language
    )
    user.groups.set(groups)
    audit.record(by, "invited", user, data={"roles": sorted(group.name for group in groups)})
    invite(user, company="AQAD")
    return user


@transaction.atomic
def change_rights(
    user: User,
    *,
    groups: Collection[Group],
    permissions: Collection[Permission],
    is_superuser: bool,
    by: User,
) -> None:
    """Give another staff member these rights and no others; where that is a change, all sessions end.

    Raises Forbidden to all but superusers, and for one's own rights.
    """
    _require_all_rights(by)
    if user.pk == by.pk or not user.is_staff:
        raise Forbidden()
    before = _rights_of(User.objects.select_for_update().get(pk=user.pk))
    user.groups.set(groups)
    user.user_permissions.set(permissions)
    User.objects.filter(pk=user.pk).update(is_superuser=is_superuser)
    user.is_superuser = is_superuser
    after = _rights_of(user)
    if before != after:
        end_sessions(user, because="rights changed")
        audit.record(by, "changed the rights of", user, data={"before": before, "after": after})


@transaction.atomic
def deactivate(user: User, *, by: User, reason: str = "") -> None:
    """Close a person's account and end all sessions.

    Raises Forbidden without the right, for one's own and, except to superusers, for staff.
    """
    rights.require(by, "accounts.deactivate_user")
    if user.pk == by.pk:
        raise Forbidden()
    if user.is_staff:
        _require_all_rights(by)
    set_person_access(user, User.Access.DEACTIVATED, by=by, reason=reason)


@transaction.atomic
def reactivate(user: User, *, by: User, reason: str = "") -> None:
    """Open the account of somebody who was deactivated again; the password is the one it was.

    Raises Forbidden as `deactivate` does, InvalidTransition for whoever is not deactivated, CompanyNotActive
    and the like from who keeps the company. Sends reactivation_requested.
    """
    rights.require(by, "accounts.reactivate_user")
    if user.is_staff:
        _require_all_rights(by)
    events.reactivation_requested.send(sender=User, user=user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.access != User.Access.DEACTIVATED:
        raise InvalidTransition()
    set_person_access(user, User.Access.ACTIVE, by=by, reason=reason)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User, reason: str = "") -> None:
    """End all sessions and tokens. Raises Forbidden as `deactivate` does, but not for one's own."""
    rights.require(by, "accounts.end_sessions")
    if user.is_staff and user.pk != by.pk:
        _require_all_rights(by)
    end_sessions(user, because="by staff")
    audit.record(by, "ended the sessions of", user, reason=reason)


def _require_all_rights(by: User) -> None:
    """Raise Forbidden unless `by` is a superuser now. Locks all superusers: two cannot remove each other."""
    active = User.objects.filter(is_superuser=True, access=User.Access.ACTIVE).order_by("pk")
    if by.pk not in list(active.select_for_update().values_list("pk", flat=True)):
        raise Forbidden()


def _rights_of(user: User) -> dict[str, Any]:
    return {
        "all": user.is_superuser,
        "roles": sorted(user.groups.values_list("name", flat=True)),
        "permissions": sorted(user.user_permissions.values_list("codename", flat=True)),
    }
