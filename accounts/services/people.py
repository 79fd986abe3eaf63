"""People: creating them, and changing what they say about themselves."""

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aqad.lib.errors import AlreadyExists, Invalid
from aqad.lib.text.cleaning import UnreadableText, clean_email
from audit import services as audit


def refuse_taken_email(email: str) -> None:
    """Raise AlreadyExists on `email`: before costly work; the unique index decides in the end."""
    if User.objects.with_email(email).exists():
        raise _email_taken()


def check_new_password(password: str, *, user: User, field: str = "password") -> None:
    """Raise Invalid on `field` unless the password is good enough for `user`, who need not be saved."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise Invalid(errors={field: list(error.messages)}) from error


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str | None,
    name: str,
    role: str,
    phone: str = "",
    access: str = User.Access.ACTIVE,
    code: str = "",
    language: str = "en",
    company: str = "",
) -> User:
    """Create a person. Without a password the person is invited: see `invite`.

    `company` is the name of what the person works for, of which no password is made.

    Raises AlreadyExists or Invalid on `email`, Invalid on `password`.
    """
    user = User(
        email=sendable_email(email),
        name=name,
        role=role,
        phone=phone,
        access=access,
        code=code,
        language=language,
        is_staff=role == User.Role.ADMIN,
    )
    if password is not None:
        user.company_name = company  # type: ignore[attr-defined] # for the check alone
        check_new_password(password, user=user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise _email_taken() from error
    return user


def update_person(user: User, *, by: User | None, **changes: Any) -> User:
    """Change `name`, `phone` or `language`, which counts as chosen from then on."""
    if "language" in changes:
        changes["language_chosen"] = True
    for name, value in changes.items():
        setattr(user, name, value)
    with transaction.atomic():
        user.save(update_fields=list(changes))
        note_change(user, by=by, fields=[name for name in changes if name != "language_chosen"])
    return user


def note_change(user: User, *, by: User | None, fields: list[str]) -> None:
    """Write in the log which details of a person were changed."""
    audit.record(by, "changed", user, data={"fields": sorted(fields)})


def sendable_email(email: str) -> str:
    """The address in its one form. Raises Invalid on `email`."""
    try:
        return clean_email(email)
    except UnreadableText as error:
        raise Invalid(errors={"email": [error.message]}) from error


def _email_taken() -> AlreadyExists:
    return AlreadyExists(errors={"email": [_("An account with this e-mail address exists already.")]})
