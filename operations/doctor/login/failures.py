"""Failed sign-ins by reason, hour by hour."""

from collections import Counter

from django.utils.translation import gettext as _

from accounts.sign_in_tally import GOOD, KIND
from aqad.lib import tally
from operations.doctor.findings import Finding, Table
from operations.doctor.words import clock

HOURS = 24
FEW = 10  # failures in two hours that say nothing


def examine() -> Finding:
    hours = tally.by_hour(KIND, HOURS)
    reasons = sorted({what for _hour, counts in hours for what in counts}, key=lambda what: what != GOOD)
    rows = [
        (clock(hour)[:16], *(counts[reason] or "–" for reason in reasons)) for hour, counts in hours if counts
    ]
    tables = [Table(_("Tries to sign in, by the hour"), [_("hour"), *reasons], rows)] if rows else []
    lately = sum((counts for _hour, counts in hours[:2]), Counter())
    good, failed = lately[GOOD], lately.total() - lately[GOOD]
    name = _("Failed sign-ins")
    values = {"failed": failed, "good": good}
    if failed < FEW or failed <= good:
        sentence = _("In this hour and the last, %(good)d people signed in and %(failed)d tries failed.")
        return Finding(name, sentence % values, tables=tables)
    del lately[GOOD]
    reason, _times = lately.most_common(1)[0]
    sentence = _(
        "In this hour and the last, %(failed)d tries failed and %(good)d people signed in; "
        "most often: %(reason)s."
    )
    step = _("Wrong passwords of many people: see what was deployed. Of few: somebody guesses.")
    return Finding(name, sentence % {**values, "reason": reason}, wrong=True, next_step=step, tables=tables)
