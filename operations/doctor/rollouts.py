"""What was deployed lately, and what changed with it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations.doctor.findings import Finding, Table
from operations.doctor.words import clock
from operations.models import Deployment

SHOWN = 10


def examine() -> Finding:
    latest = list(Deployment.objects.all()[:SHOWN])
    if not latest:
        sentence = _("No deployment is on record: none of these web processes has started yet.")
        return Finding(_("Deployments"), sentence)
    sentence = _("%(name)s runs since %(at)s.") % {"name": latest[0].name, "at": clock(latest[0].at)}
    return Finding(_("Deployments"), sentence, tables=[table(latest)])


def table(deployments: list[Deployment]) -> Table:
    columns = [_("since"), _("version, commit"), _("migrations applied"), _("settings changed")]
    return Table(
        _("Recent deployments"),
        columns,
        [
            (clock(one.at), one.name, _migrations(one.applied), ", ".join(one.changed) or "–")
            for one in deployments
        ],
    )


def _migrations(applied: list[str]) -> str:
    if len(applied) > 5:
        return ngettext("%(count)d migration", "%(count)d migrations", len(applied)) % {"count": len(applied)}
    return ", ".join(applied) or "–"
