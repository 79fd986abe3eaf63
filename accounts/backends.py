from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest


class AccessBackend(ModelBackend):
    """What people may do, by their groups. Nobody signs in through it.

    Django's own forms know of no second factor and give no reasons: our pages ask `services.identify`.
    """

    def authenticate(self, request: HttpRequest | None, *_args: Any, **_credentials: Any) -> None:
        return None
