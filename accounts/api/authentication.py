from uuid import UUID

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts import tokens
from accounts.errors import Unauthorized
from accounts.models import User
from aqad.lib.compiled import Compiled

_active_in_family = Compiled[User](
    lambda user, version, family: User.objects.filter(
        pk=user,
        access=User.Access.ACTIVE,
        token_version=version,
        token_families__pk=UUID(int=family),
        token_families__ended_at=None,
    )
)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>` and nothing else, in one SELECT.

    Token, person and session family must all be good now; role and everything else are the database's, not
    the token's. A header that is there and not good is refused (401) even where anyone may call.
    """

    def authenticate(self, request: Request) -> tuple[User, tokens.Claims] | None:
        header = get_authorization_header(request)
        if not header:
            return None
        scheme, _, text = header.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorized()
        claims = tokens.read_access(text.strip())
        found = _active_in_family(claims.user_id, claims.version, UUID(claims.family_id))
        if not found:
            raise Unauthorized()
        return found[0], claims

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
