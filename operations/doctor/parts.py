"""Is every part there?"""

from django.utils.translation import gettext as _

from operations import health
from operations.doctor.findings import Finding, Table


def examine() -> Finding:
    states = health.states()
    down = [part for part, state in states.items() if state != health.OK]
    table = Table("", [_("part"), _("state")], list(states.items()))
    if not down:
        return Finding(_("Parts"), _("All parts answer."), tables=[table])
    sentence = _("These parts do not answer: %(parts)s.") % {"parts": ", ".join(down)}
    return Finding(_("Parts"), sentence, wrong=True, next_step=_step(down), tables=[table])


def _step(down: list[str]) -> str:
    if "workers" in down and "broker" not in down:
        return _("Start a worker and beat; what waits is done then, nothing is lost.")
    return _("Start what is down; what waits for it is done then, nothing is lost.")
