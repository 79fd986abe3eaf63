"""Which addresses and e-mails the limits refuse now."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aqad.lib.web import limits
from operations.doctor.findings import Finding, Table
from operations.doctor.words import masked, span

SIGN_IN = ("login", "login_email", "login_known", "password", "code", "default")
SHOWN = 50


def examine() -> Finding:
    blocked = limits.blocked_now()
    name = _("Limits")
    if not blocked:
        return Finding(name, _("No limit refuses anybody now."))
    rows = [(one.limit, masked(one.subject), span(one.seconds)) for one in blocked[:SHOWN]]
    tables = [Table(_("Refused now"), [_("limit"), _("who"), _("for another")], rows)]
    of_sign_in = [one for one in blocked if one.limit in SIGN_IN]
    if not of_sign_in:
        return Finding(name, _("No limit that concerns signing in refuses anybody now."), tables=tables)
    first = of_sign_in[0]
    values = {
        "count": len(of_sign_in),
        "who": masked(first.subject),
        "limit": first.limit,
        "time": span(first.seconds),
    }
    sentence = ngettext(
        "%(who)s is refused by the limit “%(limit)s” for another %(time)s.",
        "%(count)d addresses or e-mails are refused, among them %(who)s by the limit “%(limit)s” "
        "for another %(time)s.",
        len(of_sign_in),
    )
    step = _("Somebody guesses passwords, or many share an address: look at the failed sign-ins below.")
    return Finding(name, sentence % values, wrong=True, next_step=step, tables=tables)
