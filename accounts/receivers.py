from typing import Any

from accounts import sessions


def note_sign_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """However a browser was signed in: its session says whose it is and from where."""
    sessions.note_sign_in(request, user)
