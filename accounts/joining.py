"""What the registrations of all kinds of companies share."""

from django.http import HttpRequest

from aqad.lib.web import limits


def limit_registrations(request: HttpRequest) -> None:
    """Count one registration from this address, in the same window as the API's. Raises RateLimited."""
    limits.check("register", limits.address_subject(getattr(request, "client_address", "")))
