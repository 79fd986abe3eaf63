"""The base of every API view: closed by default, limited, never cached by others, patient with conflicts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any, TypeVar

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from aqad.lib import database
from aqad.lib.api.errors import FileTooLarge
from aqad.lib.api.permissions import permission_for
from aqad.lib.api.query import checked_query
from aqad.lib.api.serializers import checked
from aqad.lib.web import limits
from aqad.lib.web.bodies import announced, longest_body_of
from aqad.lib.web.limits import Limit

WRITES = ("post", "put", "patch", "delete")

Handler = TypeVar("Handler", bound=Callable[..., Any])


class View(APIView):
    """Order of the checks: method, limits by address, token (401), role (403), limits by user, body.

    `roles` names who may call, for all methods or by method: `("vendor",)`, or
    `{"GET": ANYONE, "POST": ("vendor", "admin")}`. Without it `permission_classes` must say so, else
    everybody is refused. `staff_right` is the permission that an admin needs besides, the one the admin site
    asks for, for all methods or by method likewise. `limits` are stricter limits, likewise; `default` is
    always counted. `longest_body` is how many bytes a body with files has at most, 0 for as many as one
    without. Writes run again, at most three times, when transactions collide: keep everything a handler
    writes in transactions, and outside calls out of it.
    """

    http_method_names = ["get", "head", *WRITES]
    roles: tuple[str, ...] | Mapping[str, tuple[str, ...]] = ()
    staff_right: str | Mapping[str, str] = ""
    longest_body = 0
    limits: tuple[Limit, ...] | Mapping[str, tuple[Limit, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in WRITES:
            if name in vars(cls):
                setattr(cls, name, _patient(vars(cls)[name]))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not hasattr(self, str(request.method).lower()):
            raise MethodNotAllowed(str(request.method))
        self._check_limits("address", limits.address_subject(getattr(request, "client_address", "")))
        super().initial(request, *args, **kwargs)
        if request.user.is_authenticated:
            self._check_limits("user", f"user:{request.user.pk}", "default")
        if announced(request.META) > longest_body_of(self, request.content_type or ""):
            raise FileTooLarge

    def get_permissions(self) -> Sequence[Any]:
        if self.roles:
            right = self._for_method(self.staff_right) or ""
            return [permission_for(self._for_method(self.roles), staff_right=right)]
        return super().get_permissions()

    def get_authenticate_header(self, request: Request) -> str:
        return "Bearer"  # so that a view without authentication still answers 401, not 403

    def input(self, serializer: type[Serializer], *, partial: bool = False) -> dict[str, Any]:
        """The body's checked values. Raises ValidationError; `partial` asks only for what was sent."""
        return checked(serializer, self.request.data, partial=partial)

    def query(self, serializer: type[Serializer]) -> dict[str, Any]:
        """The query string's checked values, `page` and `page_size` left to `paginate`."""
        return checked_query(self.request, serializer)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def limits_by(self, by: str) -> list[str]:
        """The stricter limits of this method that count by `address` or by `user`."""
        return [limit.name for limit in self._for_method(self.limits) if limit.by == by]

    def _check_limits(self, by: str, subject: str, *always: str) -> None:
        if names := [*always, *self.limits_by(by)]:
            limits.check_all(names, subject)

    def _for_method(self, declared: Any) -> Any:
        if not isinstance(declared, Mapping):
            return declared
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        return declared.get(method, ())


def _patient(handler: Handler) -> Handler:
    @wraps(handler)
    def run(*args: Any, **kwargs: Any) -> Any:
        return database.retry_on_conflict(partial(handler, *args, **kwargs))

    return run  # type: ignore[return-value]
