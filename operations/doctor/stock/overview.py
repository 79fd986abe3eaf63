"""All products whose figures do not agree."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations.doctor.findings import Finding, Table
from operations.doctor.stock import figures

AT_MOST = 200


def examine() -> Finding:
    found = figures.disagreeing(AT_MOST)
    name = _("Counters, ledger and orders")
    if not found:
        return Finding(name, _("Counters, ledger and orders of all products agree."))
    columns = [
        _("product"), _("on hand"), _("reserved"), _("on hand by the ledger"),
        _("reserved by the ledger"), _("held by orders"),
    ]  # fmt: skip
    rows = [
        (one.code, one.on_hand, one.reserved, one.ledger_on_hand, one.ledger_reserved, one.held)
        for one in found
    ]
    sentence = ngettext(
        "The figures of %(count)d product do not agree: %(codes)s.",
        "The figures of %(count)d products do not agree: %(codes)s.",
        len(found),
    ) % {"count": len(found), "codes": ", ".join(one.code for one in found[:5])}
    step = _("Ask about each by its code, and correct it there.")
    return Finding(name, sentence, wrong=True, next_step=step, tables=[Table("", columns, rows)])
