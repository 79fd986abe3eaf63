from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts import services
from accounts.errors import AccountLocked, InvalidCredentials
from accounts.models import User


class AccessBackend(ModelBackend):
    """Signs in to pages and the admin site: same limits, same work and same refusals as the API.

    Django's forms know only yes and no; the page of ours asks `services.identify` itself for the reason.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_other: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        services.limit_sign_ins(getattr(request, "client_address", ""))
        try:
            return services.identify(username, password)
        except (InvalidCredentials, AccountLocked):
            return None
