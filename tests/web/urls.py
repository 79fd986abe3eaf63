"""A tiny URL map of its own, so that the shared web layer is tested without any app."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from aqad.lib.api.json import Parser
from aqad.lib.api.pagination import paginate
from aqad.lib.api.permissions import ANYONE, SIGNED_IN
from aqad.lib.api.serializers import (
    EmirateField,
    GtinField,
    Input,
    MoneyField,
    PhoneField,
    QuantityField,
    TrnField,
)
from aqad.lib.api.texts import EmailField
from aqad.lib.api.uploads import Multipart
from aqad.lib.api.views import View
from aqad.lib.errors import DomainError, InvalidTransition, Unavailable
from aqad.lib.web.limits import Limit
from aqad.lib.web.sign_in_page import limit_sign_in_page


@dataclass
class Person:
    role: str
    pk: int = 7
    is_authenticated: bool = True

    @property
    def code(self) -> str:
        return f"{self.role}-{self.pk}"


class HeaderAuthentication(BaseAuthentication):
    """`Authorization: Bearer <role>[-<pk>]` signs in a person of that role."""

    def authenticate(self, request: Request) -> tuple[Person, None] | None:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        role, _dash, pk = token.partition("-")
        if scheme != "Bearer" or role not in {"vendor", "retailer", "admin"}:
            raise exceptions.AuthenticationFailed("internal detail")
        return Person(role, int(pk or 7)), None


class Base(View):
    authentication_classes = [HeaderAuthentication]


class OutOfStock(DomainError):
    code = "out_of_stock"
    status = 409
    message = _("Not enough in stock.")


class LineInput(Input):
    product = serializers.CharField()
    quantity = QuantityField()


class ThingInput(Input):
    name = serializers.CharField(required=False)
    email = EmailField(required=False)
    phone = PhoneField(required=False)
    trn = TrnField(required=False, allow_blank=True)
    barcode = GtinField(required=False)
    emirate = EmirateField(required=False)
    price = MoneyField(required=False)
    quantity = QuantityField(required=False)
    items = LineInput(many=True, required=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    photo = serializers.FileField(required=False)


class Things(Base):
    roles = {"GET": ANYONE, "POST": ANYONE, "PATCH": SIGNED_IN}
    parser_classes = [Parser, Multipart]

    def get(self, request: Request) -> Response:
        return Response({"things": []})

    def post(self, request: Request) -> Response:
        values = self.input(ThingInput)
        values.pop("photo", None)
        return Response(values, status=201)

    def patch(self, request: Request) -> Response:
        return Response(self.input(ThingInput, partial=True))


class VendorOnly(Base):
    roles = ("vendor",)

    def get(self, request: Request) -> Response:
        return Response({"hello": request.user.code})


class Undeclared(Base):
    def get(self, request: Request) -> Response:
        return Response({})


class Limited(Base):
    roles = ANYONE
    limits = (Limit("register", by="address"),)

    def post(self, request: Request) -> Response:
        return Response({}, status=201)


class UserLimited(Base):
    roles = SIGNED_IN
    limits = {"POST": (Limit("order", by="user"),)}

    def get(self, request: Request) -> Response:
        return Response({})

    def post(self, request: Request) -> Response:
        return Response({}, status=201)


class Numbers(Base):
    roles = ANYONE

    def get(self, request: Request) -> Response:
        return paginate(request, range(int(request.query_params.get("of", 45))), lambda number: number)


class Cached(Base):
    roles = ANYONE

    def get(self, request: Request) -> Response:
        return Response(b'{"ready":"bytes"}', headers={"Cache-Control": "public, max-age=60"})


class Conflicts(Base):
    """Fails with an SQLSTATE as often as it is told to."""

    roles = ANYONE
    failures: list[str] = []
    attempts = 0

    def post(self, request: Request) -> Response:
        type(self).attempts += 1
        if self.failures:
            raise database_error(self.failures.pop())
        return Response({}, status=201)


def database_error(sqlstate: str) -> OperationalError:
    cause = Exception("host=10.1.2.3 secret")
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    error = OperationalError("host=10.1.2.3 secret")
    error.__cause__ = cause
    return error


RAISES: dict[str, Any] = {
    "crash": lambda: ZeroDivisionError("internal detail"),
    "domain": lambda: OutOfStock(items=[{"product": "P1001", "requested": 5, "available": 3}]),
    "transition": InvalidTransition,
    "unavailable": Unavailable,
    "database": lambda: database_error("57P03"),
    "missing": lambda: Http404("internal detail"),
    "denied": lambda: PermissionDenied("internal detail"),
    "suspicious": lambda: SuspiciousOperation("internal detail"),
    "invalid": lambda: DjangoValidationError({"name": ["Too short.", "Too plain."], "city": ["Unknown."]}),
    "invalid-general": lambda: DjangoValidationError("These do not fit together."),
    "nested": lambda: exceptions.ValidationError(
        {
            "items": [{}, {"quantity": ["Too many."]}],
            "address": {"city": ["Missing."]},
            "tags": {1: ["Empty."]},
        }
    ),
    "throttled": lambda: exceptions.Throttled(wait=12),
    "recursion": RecursionError,
}


class Raising(Base):
    roles = ANYONE

    def get(self, request: Request, kind: str) -> Response:
        raise RAISES[kind]()


def raising_page(request: HttpRequest, kind: str) -> HttpResponse:
    raise RAISES[kind]()


@require_POST
def posting_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("posted")


def whoami(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.client_address} {request.scheme} {request.get_host()}")  # type: ignore[attr-defined]


urlpatterns = [
    path("sign-in", limit_sign_in_page(whoami)),
    path("", include("operations.urls")),
    path("api/things", Things.as_view()),
    path("api/vendor-only", VendorOnly.as_view()),
    path("api/undeclared", Undeclared.as_view()),
    path("api/limited", Limited.as_view()),
    path("api/user-limited", UserLimited.as_view()),
    path("api/numbers", Numbers.as_view()),
    path("api/cached", Cached.as_view()),
    path("api/conflicts", Conflicts.as_view()),
    path("api/raise/<str:kind>", Raising.as_view()),
    path("api/vendor/application/<str:token>", Things.as_view()),
    path("api/payments/webhooks/sandbox", Things.as_view()),
    path("raise/<str:kind>", raising_page),
    path("posting", posting_page),
    path("whoami", whoami),
]
handler400 = "aqad.lib.web.errors.bad_request"
handler403 = "aqad.lib.web.errors.forbidden"
handler404 = "aqad.lib.web.errors.not_found"
handler500 = "aqad.lib.web.errors.server_error"
