from typing import Any

from accounts import services, sessions
from accounts.models import OneTimeLink


def note_sign_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """However a browser was signed in: its session says whose it is and from where."""
    sessions.note_sign_in(request, user)


def mail_reset(sender: Any, purpose: str, email: str, **kwargs: Any) -> None:
    """Whoever asked to choose a new password gets the link, if the address is anybody's."""
    if purpose == OneTimeLink.Purpose.PASSWORD_RESET:
        services.mail_reset(email)
