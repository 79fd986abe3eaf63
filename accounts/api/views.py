from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rights, selectors, services
from accounts.api import serializers
from accounts.api.idempotency import KEY_HEADER, mark_as_repeated, read_key
from accounts.origin import origin_of
from aqad.lib.api.pagination import paginate
from aqad.lib.api.permissions import ANYONE, SIGNED_IN
from aqad.lib.api.shapes import PageQuery, page_of
from aqad.lib.api.views import View
from aqad.lib.errors import NotFound
from aqad.lib.web.limits import Limit

REFRESH_KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    KEY_HEADER.type,
    OpenApiParameter.HEADER,
    description="The same refresh token with the same key gets the same pair again for 60 seconds.",
)


class OpenView(View):
    """For whoever is not signed in: an old token in the header does not matter."""

    authentication_classes = ()
    roles = ANYONE


class SignInView(OpenView):
    limits = (Limit("login", by="address"),)

    @extend_schema(request=serializers.SignIn, responses=serializers.SignedInOutput)
    def post(self, request: Request) -> Response:
        signed_in = services.sign_in(**self.input(serializers.SignIn), origin=origin_of(request))
        return Response(serializers.SignedInOutput(signed_in).data)


class RefreshView(OpenView):
    @extend_schema(
        request=serializers.Refresh, responses=serializers.TokensOutput, parameters=[REFRESH_KEY_HEADER]
    )
    def post(self, request: Request) -> Response:
        key = read_key(request) or ""
        refreshed = services.refresh_tokens(**self.input(serializers.Refresh), key=key)
        response = Response(serializers.TokensOutput(refreshed.signed_in).data)
        return mark_as_repeated(response) if refreshed.repeated else response


class SignOutView(View):
    roles = SIGNED_IN

    @extend_schema(request=serializers.Refresh, responses={204: None})
    def post(self, request: Request) -> Response:
        services.sign_out(**self.input(serializers.Refresh), user=rights.actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(View):
    roles = SIGNED_IN

    @extend_schema(responses=serializers.MeOutput)
    def get(self, request: Request) -> Response:
        return Response(serializers.MeOutput(rights.actor(request)).data)

    @extend_schema(request=serializers.Me, responses=serializers.MeOutput)
    def patch(self, request: Request) -> Response:
        user = services.update_person(
            rights.actor(request), by=rights.actor(request), **self.input(serializers.Me)
        )
        return Response(serializers.MeOutput(user).data)


class PasswordChangeView(View):
    roles = SIGNED_IN

    @extend_schema(request=serializers.PasswordChange, responses={204: None})
    def post(self, request: Request) -> Response:
        services.change_password(rights.actor(request), **self.input(serializers.PasswordChange))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordResetView(OpenView):
    @extend_schema(request=serializers.Email, responses={202: None})
    def post(self, request: Request) -> Response:
        services.request_reset(**self.input(serializers.Email))
        return Response(status=status.HTTP_202_ACCEPTED)


class PasswordResetConfirmView(OpenView):
    @extend_schema(request=serializers.PasswordReset, responses={204: None})
    def post(self, request: Request) -> Response:
        services.confirm_reset(**self.input(serializers.PasswordReset))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EmailVerifyView(OpenView):
    @extend_schema(request=serializers.LinkToken, responses={204: None})
    def post(self, request: Request) -> Response:
        services.verify_email(**self.input(serializers.LinkToken))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EmailChangeView(View):
    """A link goes to the new address; an address that is taken already makes no difference to see."""

    roles = SIGNED_IN

    @extend_schema(request=serializers.EmailChange, responses={202: None})
    def post(self, request: Request) -> Response:
        services.request_email_change(rights.actor(request), **self.input(serializers.EmailChange))
        return Response(status=status.HTTP_202_ACCEPTED)


class EmailConfirmView(OpenView):
    @extend_schema(request=serializers.LinkToken, responses={204: None})
    def post(self, request: Request) -> Response:
        services.confirm_email_change(**self.input(serializers.LinkToken))
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionsView(View):
    """Where the person is signed in now, browsers and apps."""

    roles = SIGNED_IN

    @extend_schema(parameters=[PageQuery], responses=page_of(serializers.SessionOutput))
    def get(self, request: Request) -> Response:
        found = selectors.sessions_of(rights.actor(request), current=_family_of(request))
        return paginate(request, found, lambda each: serializers.SessionOutput(each).data)


class SessionView(View):
    roles = SIGNED_IN

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, session: str) -> Response:
        try:
            key = UUID(session)
        except ValueError as error:
            raise NotFound() from error
        services.end_own_session(rights.actor(request), key)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EndSessionsView(View):
    """All but the one that asks, or that one too."""

    roles = SIGNED_IN

    @extend_schema(request=serializers.EndSessions, responses=serializers.EndedOutput)
    def post(self, request: Request) -> Response:
        keep = None if self.input(serializers.EndSessions)["this_too"] else _family_of(request)
        return Response({"ended": services.end_other_sessions(rights.actor(request), keep=keep)})


def _family_of(request: Request) -> UUID:
    claims: Any = request.auth
    return UUID(claims.family_id)
