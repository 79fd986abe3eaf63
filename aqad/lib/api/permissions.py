"""Who may call: nobody, unless the view says so."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

ANYONE = ("anyone",)
SIGNED_IN = ("signed in",)


class DenyAll(BasePermission):
    """The default: a view that forgot to say who may call is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class Anyone(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return True


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user.is_authenticated)


class HasRole(BasePermission):
    """Signed in with one of `roles`; REST framework answers 401 where nobody is signed in, 403 otherwise.

    An admin needs the permission `staff_right` besides, where there is one.
    """

    roles: tuple[str, ...] = ()

    def __init__(self, roles: tuple[str, ...] = (), *, staff_right: str = "") -> None:
        self.allowed = roles or self.roles
        self.staff_right = staff_right

    def has_permission(self, request: Request, view: Any) -> bool:
        role = getattr(request.user, "role", "") if request.user.is_authenticated else ""
        if role not in self.allowed:
            return False
        return role != "admin" or not self.staff_right or bool(request.user.has_perm(self.staff_right))


class IsVendor(HasRole):
    roles = ("vendor",)


class IsRetailer(HasRole):
    roles = ("retailer",)


class IsDriver(HasRole):
    roles = ("driver",)


class IsAdmin(HasRole):
    roles = ("admin",)


def permission_for(roles: tuple[str, ...], *, staff_right: str = "") -> BasePermission:
    """The permission behind a view's `roles` and `staff_right`."""
    if roles == ANYONE:
        return Anyone()
    return SignedIn() if roles == SIGNED_IN else HasRole(roles, staff_right=staff_right)
