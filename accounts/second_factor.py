"""What people still need after a right password, and what they have."""

from enum import Enum

from django.conf import settings
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User


class Step(Enum):
    """What is missing."""

    CODE = "code"
    SET_UP = "set up"
    NOTHING = "nothing"


def next_step(user: User) -> Step:
    """What `user` needs besides the password: a code, or, where staff must, a second factor to begin with."""
    if has_second_factor(user):
        return Step.CODE
    return Step.SET_UP if user.is_staff and settings.STAFF_OTP == "required" else Step.NOTHING


def has_second_factor(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()
