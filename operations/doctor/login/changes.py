"""Do all processes run with the settings of the last deployment?"""

from django.utils.translation import gettext as _

from operations import fingerprints, pulse
from operations.doctor.findings import Finding, Table
from operations.models import Deployment


def examine() -> Finding:
    own, name = fingerprints.of_settings(), _("Settings")
    last = Deployment.objects.first()
    odd = [
        (f"{each.kind} {each.host} {each.pid}", ", ".join(differing))
        for each in pulse.processes()
        if each.lives and (differing := fingerprints.differing(each.settings, own))
    ]
    since = fingerprints.differing(last.settings, own) if last else []
    tables = []
    if odd:
        tables.append(Table(_("Processes with other settings"), [_("process"), _("differing")], odd))
    if since:
        names = [(one,) for one in since]
        tables.append(Table(_("Changed since the last deployment on record"), [_("setting")], names))
    step = _("Start every process anew with the same environment.")
    if odd:
        values = {"process": odd[0][0], "names": odd[0][1]}
        sentence = _("%(process)s runs with other settings than this process: %(names)s.") % values
        return Finding(name, sentence, wrong=True, next_step=step, tables=tables)
    if since:
        sentence = _("Settings changed here since the last deployment on record: %(names)s.")
        return Finding(name, sentence % {"names": ", ".join(since)}, tables=tables)
    return Finding(name, _("All processes run with the same settings."), tables=tables)
