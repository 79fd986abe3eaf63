"""Why can users not sign in?"""

from functools import partial

from django.utils.translation import gettext as _

from operations.doctor import errors, parts, rollouts
from operations.doctor.findings import Report, examine
from operations.doctor.login import account, blocked, changes, clocks, failures, keys


def ask(email: str = "") -> Report:
    """Of one person where an e-mail is given, whose account then comes first."""
    about = [(_("The account"), partial(account.examine, email))] if email else []
    return examine(
        _("Can users sign in?"),
        [
            *about,
            (_("Parts"), parts.examine),
            (_("Token keys and lifetimes"), keys.examine),
            (_("Clocks"), clocks.examine),
            (_("Settings"), changes.examine),
            (_("Limits"), blocked.examine),
            (_("Failed sign-ins"), failures.examine),
            (_("Error lines"), errors.examine),
            (_("Deployments"), rollouts.examine),
        ],
    )
