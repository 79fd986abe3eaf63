from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class InvalidCredentials(DomainError):
    """The same for an unknown e-mail and a wrong password."""

    code = "invalid_credentials"
    status = 401
    message = _("The e-mail address or the password is wrong.")


class OtpRequired(DomainError):
    """The password is right; the account has a second factor, and no code came with it."""

    code = "otp_required"
    status = 401
    message = _("Enter the code of your authenticator app.")


class WrongCode(DomainError):
    """A code that is wrong, too old, or was used before."""

    code = "invalid_credentials"
    status = 401
    message = _("This code is wrong or was used already. Wait for the next one and enter that.")


class SecondFactorMissing(DomainError):
    """Staff must have a second factor here, and this person has none yet."""

    code = "forbidden"
    status = 403
    message = _("Staff need a second factor. Sign in at /admin/ in a browser once to set it up.")


class UnknownEmail(InvalidCredentials):
    """To the outside the same as a wrong password; told apart in the count of failures alone."""


class Unauthorized(DomainError):
    """The token is malformed, expired, used up or revoked."""

    code = "unauthorized"
    status = 401
    message = _("Unauthorized")


class AccountLocked(DomainError):
    """The password is right and the account may not be used. `code` is `account_<access>`."""

    status = 403
    MESSAGES: ClassVar[dict[str, Any]] = {
        "pending_approval": _("Your application is being checked. We write to you as soon as it is decided."),
        "rejected": _("Your application was not approved. The link in our mail shows what to mend."),
        "suspended": _("This account is suspended. Contact AQAD to learn more."),
        "deactivated": _("This account is closed. Contact AQAD to learn more."),
    }

    def __init__(self, access: str) -> None:
        self.code = f"account_{access}"
        super().__init__(self.MESSAGES[access])


class CompanyNotActive(DomainError):
    """Somebody would come back to a company that may not sign in."""

    code = "company_not_active"
    status = 409
    message = _("Their company is not active. Reinstate it first; then this person can come back.")


class IdempotencyInProgress(DomainError):
    code = "idempotency_in_progress"
    status = 409
    message = _("The first request with this key is still running. Try again in a moment.")


class IdempotencyMismatch(DomainError):
    code = "idempotency_mismatch"
    status = 422
    message = _("This key was used for another request. Take a new key for a new request.")
