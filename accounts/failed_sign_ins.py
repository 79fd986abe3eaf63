"""Whose count of failures a try to sign in belongs to.

Strangers share one count for each e-mail. A browser or an address from which this person signed in before has
a count of its own, so nobody locks a person out by guessing from elsewhere. Who is signed in already is
counted by person: for passwords asked again, and for codes of the second factor.
"""

from dataclasses import dataclass

from accounts.models import User
from accounts.origin import Origin
from aqad.lib.text.cleaning import UnreadableText, clean_email
from aqad.lib.web import limits

KNOWN_ADDRESS_DAYS = 30  # how long an address is known after somebody signed in from it


@dataclass(frozen=True)
class Count:
    """`check` before the work and `forgive` after success: parallel guesses cannot pass it."""

    limit: str
    subject: str

    def check(self) -> None:
        """Raises RateLimited."""
        limits.check(self.limit, self.subject)

    def forgive(self) -> None:
        limits.forgive(self.limit, self.subject)


def of_sign_in(email: str, user: User | None, origin: Origin, *, is_known_address: bool) -> Count:
    """The count of a try with this e-mail; `user` is whose e-mail it is, if anybody's."""
    subject = subject_of(email)
    if user is not None and (device := origin.known_devices.get(str(user.pk))):
        return Count("login_known", f"{subject} device:{device}")
    if user is not None and is_known_address:
        return Count("login_known", f"{subject} address:{origin.address}")
    return Count("login_email", subject)


def of_password(user: User) -> Count:
    """The count of somebody signed in who is asked for the password again."""
    return Count("password", f"user:{user.pk}")


def of_code(user: User) -> Count:
    """The count of wrong codes of somebody whose password was right."""
    return Count("code", f"user:{user.pk}")


def subject_of(email: str) -> str:
    """One for each mailbox, however its address is written."""
    try:
        return f"email:{clean_email(email)}"
    except UnreadableText:  # what is no address has a count of its own
        return f"email:{email.strip().lower()}"
