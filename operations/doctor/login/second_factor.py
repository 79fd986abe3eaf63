"""The second factor of staff, as far as it stands in the way of signing in."""

from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.second_factor import Step, has_second_factor, next_step, recovery_codes_left
from operations.doctor.words import clock


def reasons(user: User) -> list[tuple[str, str]]:
    """What is wrong and what to do, of the second factor alone."""
    who = {"email": user.email}
    if next_step(user) is Step.SET_UP:
        sentence = _("%(email)s has no second factor, which staff need here.") % who
        return [(sentence, _("Have the person sign in at /admin/ in a browser once and set it up."))]
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if device is None:
        return []
    allowed, why = device.verify_is_allowed()
    if allowed:
        return []
    who["at"] = clock(why["locked_until"])
    sentence = _("The second factor of %(email)s is locked until %(at)s: too many wrong codes.") % who
    return [(sentence, _("Wait until then, or reset the second factor from the person's page."))]


def facts(user: User) -> list[tuple[str, str]]:
    if not user.is_staff:
        return []
    return [
        (_("second factor"), _("set up") if has_second_factor(user) else _("none")),
        (_("recovery codes left"), str(recovery_codes_left(user))),
    ]
