"""How many tries to sign in went which way, by the hour: for whoever asks why people cannot sign in."""

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.errors import UnknownEmail, WrongCode
from aqad.lib import tally
from aqad.lib.errors import DomainError

KIND = "sign-ins"
GOOD = "signed in"


@contextmanager
def counted(*, good: str = GOOD) -> Iterator[None]:
    """Count a refusal by its code, and what is not refused as `good` unless that is empty."""
    try:
        yield
    except UnknownEmail:
        tally.count(KIND, "unknown e-mail")
        raise
    except WrongCode:
        tally.count(KIND, "wrong code")
        raise
    except DomainError as refusal:
        tally.count(KIND, refusal.code.replace("_", " "))
        raise
    if good:
        tally.count(KIND, good)
