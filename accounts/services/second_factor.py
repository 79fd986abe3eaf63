"""The second factor: setting it up, asking for it, recovery codes, and taking it away."""

import math
from base64 import b32encode
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import rights
from accounts.errors import OtpRequired, SecondFactorMissing, WrongCode
from accounts.failed_sign_ins import of_code
from accounts.models import User
from accounts.second_factor import Step, next_step, recovery_codes_left
from accounts.services.access import end_sessions
from accounts.sign_in_tally import counted
from aqad.lib.errors import Forbidden, RateLimited
from aqad.lib.text.cleaning import read_digits
from audit import services as audit
from notifications import services as notifications

DIGITS = 6  # of the codes of an app
RECOVERY_CODES = 10
SECRET_LIVES = timedelta(hours=1)  # of one that was shown and not confirmed


def require_code(user: User, code: str | None) -> None:
    """Refuse `user` without the second factor that is due.

    Raises OtpRequired, SecondFactorMissing, or as `check_code` does.
    """
    step = next_step(user)
    if step is Step.SET_UP:
        raise SecondFactorMissing()
    if step is Step.CODE:
        if not code:
            raise OtpRequired()
        check_code(user, code)


@counted(good="")
def check_code(user: User, code: str) -> None:
    """Accept a code of the person's app, or a recovery code, once. Locks the device.

    Wrong codes have a count of their own, and each makes the device wait twice as long for the
    next. Raises WrongCode, RateLimited.
    """
    failures = of_code(user)
    failures.check()
    typed = _normal(code)
    if len(typed) == DIGITS and typed.isdecimal():
        _verify(TOTPDevice, user, typed)
    else:
        _verify(StaticDevice, user, _kept(typed))
        _tell_recovery(user)
    failures.forgive()


@transaction.atomic
def begin_second_factor(user: User) -> TOTPDevice:
    """The device to be confirmed, the same again within an hour. Locks the user."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
    waiting.filter(created_at__lt=timezone.now() - SECRET_LIVES).delete()
    return waiting.first() or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def confirm_second_factor(user: User, code: str) -> list[str]:
    """Put the app that shows `code` in the place of any earlier one, and end all sessions.

    Returns the new recovery codes, which nobody can read again. Raises WrongCode, RateLimited.
    """
    failures = of_code(user)
    failures.check()
    _verify(TOTPDevice, user, _normal(code), confirmed=False)
    failures.forgive()
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        if not TOTPDevice.objects.filter(user=user, confirmed=False).update(confirmed=True):
            raise WrongCode()  # reset by somebody in between
        codes = _new_codes(user)
        end_sessions(user, because="second factor")
        audit.record(user, "set up the second factor of", user)
        notifications.notify("second_factor_on", to=[user.pk])
    return codes


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Ten new recovery codes in the place of what is left of the old ones."""
    if next_step(user) is not Step.CODE:
        raise Forbidden()
    audit.record(user, "renewed the recovery codes of", user)
    return _new_codes(user)


def remove_second_factor(user: User, code: str) -> None:
    """Take away one's own second factor, shown once more, and end all sessions.

    Raises WrongCode, RateLimited; Forbidden to staff, whose second factor another of them resets.
    """
    if user.is_staff:
        raise Forbidden()
    check_code(user, code)
    with transaction.atomic():
        _delete(user)
        end_sessions(user, because="second factor")
        audit.record(user, "removed the second factor of", user)
        notifications.notify("second_factor_off", to=[user.pk])


@transaction.atomic
def reset_second_factor(user: User, *, by: User, reason: str) -> None:
    """Take away the second factor of somebody else, whose sessions end and who is told by mail.

    Raises Forbidden without the right, for one's own, and for a superuser's unless a superuser asks.
    """
    rights.require(by, "accounts.reset_second_factor")
    if user.pk == by.pk or (user.is_superuser and not by.is_superuser):
        raise Forbidden()
    _delete(user)
    end_sessions(user, because="second factor")
    audit.record(by, "reset the second factor of", user, reason=reason)
    told = {"by": by.name if user.is_staff else "AQAD", "reason": reason}
    notifications.notify("second_factor_reset", to=[user.pk], context=told)


def _delete(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _verify(kind: type[Device], user: User, code: str, *, confirmed: bool = True) -> None:
    """Raised outside the transaction, so that the count of failures stays written."""
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=confirmed).first()
        if device is None:
            raise WrongCode()
        allowed, why = device.verify_is_allowed()
        if not allowed:
            raise RateLimited(math.ceil((why["locked_until"] - timezone.now()).total_seconds()) or 1)
        right = device.verify_token(code)
    if not right:
        raise WrongCode()


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=_kept(code)) for code in codes])
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def _tell_recovery(user: User) -> None:
    left = recovery_codes_left(user)
    with transaction.atomic():
        audit.record(user, "used a recovery code of", user, data={"left": left})
        notifications.notify("recovery_code_used", to=[user.pk], context={"left": left})


def _normal(code: str) -> str:
    """As people type it: with blanks, hyphens, capitals, digits of their script."""
    return "".join(each for each in read_digits(code).lower() if each.isalnum())


def _kept(code: str) -> str:
    """What the database has of a recovery code: who reads it there cannot use it."""
    mac = salted_hmac("accounts.recovery_code", code, algorithm="sha256").digest()
    return b32encode(mac[:10]).decode().lower()
