"""What the domain refuses, in one shape that every entrance can show."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal with a machine `code`, an HTTP `status` and a sentence for a person.

    `errors` maps field names to sentences where fields are at fault; `details` are further
    members of the API's error body (for example `items` of an out-of-stock answer).
    """

    code = "bad_request"
    status = 400
    message: Any = _("This cannot be done.")

    def __init__(
        self, message: Any = None, *, errors: dict[str, list[Any]] | None = None, **details: Any
    ) -> None:
        self.message = message or (next(iter(errors.values()))[0] if errors else self.message)
        self.errors = errors or {}
        self.details = details
        super().__init__(str(self.message))


class Invalid(DomainError):
    """Fields are at fault."""

    code = "validation_error"


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = _("Not found.")


class Forbidden(DomainError):
    code = "forbidden"
    status = 403
    message = _("You are not allowed to do this.")


class InvalidTransition(DomainError):
    code = "invalid_transition"
    status = 409
    message = _("This is not possible in the present state.")


class AlreadyExists(DomainError):
    code = "already_exists"
    status = 409
    message = _("This exists already.")


class RateLimited(DomainError):
    """`retry_after` is in whole seconds."""

    code = "rate_limited"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(format_lazy(_("Too many tries. Try again in {seconds} s."), seconds=retry_after))
        self.retry_after = retry_after


class Unavailable(DomainError):
    code = "unavailable"
    status = 503
    message = _("This service is not available right now. Try again in a moment.")
