from typing import Any

from rest_framework import serializers

from accounts.models import User
from aqad.lib.api.serializers import Input, PhoneField
from aqad.lib.api.texts import EmailField, FigureField, NameField, SecretField


class PasswordField(SecretField):
    """A password as typed: blanks at its ends count."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=128, trim_whitespace=False, **kwargs)


class SignIn(Input):
    email = EmailField()
    password = PasswordField()
    otp = FigureField(
        max_length=32,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="For whoever has a second factor: a code of the authenticator app, or a recovery code.",
    )


class Refresh(Input):
    refresh = SecretField(max_length=2000)


class Me(Input):
    name = NameField(max_length=120, required=False)
    phone = PhoneField(required=False, allow_blank=True)
    language = serializers.ChoiceField(["en", "ar"], required=False)


class PasswordChange(Input):
    old_password = PasswordField()
    new_password = PasswordField()


class Email(Input):
    email = EmailField()


class EmailChange(Email):
    password = PasswordField()


class EndSessions(Input):
    this_too = serializers.BooleanField(default=False, help_text="Also the session that asks.")


class LinkToken(Input):
    token = SecretField(max_length=100)


class PasswordReset(LinkToken):
    new_password = PasswordField()


class PersonOutput(serializers.Serializer[User]):
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(User.Role.choices)
    code = serializers.CharField()


class MeOutput(PersonOutput):
    phone = serializers.CharField()
    language = serializers.CharField()
    email_verified = serializers.SerializerMethodField()

    def get_email_verified(self, user: User) -> bool:
        return user.email_verified_at is not None


class TokensOutput(serializers.Serializer[object]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class SignedInOutput(TokensOutput):
    user = PersonOutput()


class SessionOutput(serializers.Serializer[object]):
    """`kind` is `browser` or `app`; `device` is in the caller's language."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    device = serializers.CharField()
    address = serializers.CharField(help_text="The Internet address; of IPv6 the network.")
    signed_in_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(help_text="Of an app: when it refreshed its token.")
    is_current = serializers.BooleanField(help_text="Whether it is the one that asks.")


class EndedOutput(serializers.Serializer[object]):
    ended = serializers.IntegerField()
