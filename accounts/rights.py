"""What staff may do: the same permissions on the API and in the admin site."""

from typing import Any

from accounts.models import User
from aqad.lib.errors import Forbidden


def actor(request: Any) -> User:
    """Who sends this request, Django's or the framework's. Raises Forbidden for nobody."""
    if not isinstance(request.user, User):
        raise Forbidden()
    return request.user


def require(user: Any, permission: str) -> None:
    """Raise Forbidden unless `user` is staff with `permission`, such as `vendors.change_vendor`.

    None is the system itself and may do everything.
    """
    if user is not None and not (user.role == "admin" and user.has_perm(permission)):
        raise Forbidden()
