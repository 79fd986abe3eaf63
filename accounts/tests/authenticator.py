"""An authenticator app, as far as tests need one."""

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.models import User
from tests.authenticator_app import code_shown


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return code_shown(TOTP(device.bin_key, device.step, device.t0, device.digits), steps)


def wrong_code(device: TOTPDevice) -> str:
    near = {code_of(device, steps=steps) for steps in (-2, -1, 0, 1, 2)}
    return next(code for code in (str(digit) * 6 for digit in range(6)) if code not in near)


def enrol(user: User) -> tuple[TOTPDevice, list[str]]:
    """Give somebody a second factor; a code of now is still good. Returns the app's secret and the codes."""
    device = services.begin_second_factor(user)
    codes = services.confirm_second_factor(user, code_of(device))
    device.refresh_from_db()
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    user.refresh_from_db()
    return device, codes


def let_wait_pass() -> None:
    """As if the seconds after a wrong code were over."""
    for kind in (TOTPDevice, services.second_factor.StaticDevice):
        kind.objects.update(throttling_failure_timestamp=None)
