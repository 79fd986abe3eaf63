"""How often an answer of the catalogue was in the cache."""

from django.conf import settings
from django.utils.translation import gettext as _

from operations.doctor.findings import Finding, Table
from operations.doctor.slow import figures
from operations.doctor.words import percent

FEW = 200  # answers that say nothing about a rate


def examine() -> Finding:
    hits, misses = (int(figures.counted(f"aqad_catalog_cache_{name}")) for name in ("hits", "misses"))
    asked = hits + misses
    if not asked:
        return Finding(_("Cache"), _("The catalogue's cache was not asked since the processes started."))
    table = Table("", [_("kept"), _("made anew"), _("hit rate")], [(hits, misses, percent(hits / asked))])
    values = {"rate": percent(hits / asked)}
    if asked >= FEW and hits / asked * 100 < settings.DOCTOR["cache_hit_percent"]:
        sentence = _("Only %(rate)s of the catalogue's answers come from the cache.") % values
        step = _("See whether Redis evicts keys (INFO stats) or something changes products all the time.")
        return Finding(_("Cache"), sentence, wrong=True, next_step=step, tables=[table])
    sentence = _("%(rate)s of the catalogue's answers come from the cache.") % values
    return Finding(_("Cache"), sentence, tables=[table])
