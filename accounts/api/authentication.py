from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts import tokens
from accounts.errors import Unauthorized
from accounts.models import User


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
        user = User.objects.filter(
            pk=claims.user_id,
            access=User.Access.ACTIVE,
            token_version=claims.version,
            token_families__pk=claims.family_id,
            token_families__ended_at=None,
        ).first()
        if user is None:
            raise Unauthorized()
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
