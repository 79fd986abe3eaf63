"""One product: do its counters, its ledger, its orders and what the public sees agree?"""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from audit.models import Entry
from catalog.models import Product, StockMovement
from operations.doctor.findings import Finding, Table
from operations.doctor.rollouts import table as table_of_deployments
from operations.doctor.stock import agreement, figures, shown
from operations.doctor.words import clock
from operations.models import Deployment
from orders.models import OrderLine

SHOWN = 20


def examine_counters(product: Product) -> Finding:
    name, code = _("Counters, ledger and orders"), product.code
    found = figures.of(product.pk)
    if found is None:
        sentence = _("%(code)s has no stock row.") % {"code": code}
        return Finding(
            name, sentence, wrong=True, next_step=_("Write to the developers: no service makes that.")
        )
    tables = [_figures(found), _orders(product)]
    if found.agrees:
        sentence = _(
            "%(code)s: counters, ledger and orders agree: %(on_hand)d on hand, %(reserved)d reserved."
        )
        values = {"code": code, "on_hand": found.on_hand, "reserved": found.reserved}
        return Finding(name, sentence % values, tables=tables)
    step = _("Correct the stock of %(code)s; then see below what happened since it last agreed.")
    sentence = _disagreement(found)
    return Finding(
        name, sentence, wrong=True, next_step=step % {"code": code}, tables=[*tables, *_since(product)]
    )


def examine_shown(product: Product) -> Finding:
    name, code = _("What the public sees"), product.code
    seen_by_all, true = shown.shown(code), shown.true(product.pk)
    if not seen_by_all and not true:
        return Finding(name, _("%(code)s is not on sale, so nobody sees its stock.") % {"code": code})
    differing = shown.differing(seen_by_all, true)
    if not differing:
        return Finding(name, _("The public sees of %(code)s what the database says.") % {"code": code})
    field, seen, real = differing[0]
    values = {"code": code, "field": field, "seen": seen, "real": real}
    sentence = _("The cached answer about %(code)s says %(field)s %(seen)s, the database says %(real)s.")
    if field == "available":
        sentence = _("The cached stock of %(code)s says %(seen)s, the database says %(real)s.")
    table = Table("", [_("field"), _("shown"), _("in the database")], differing)
    step = _("Correct the stock of %(code)s: that empties the catalogue's cache as well.") % values
    return Finding(name, sentence % values, wrong=True, next_step=step, tables=[table])


def _disagreement(found: figures.Figures) -> str:
    values: dict[str, str | int] = {"code": found.code}
    if found.on_hand != found.ledger_on_hand:
        values |= {"counter": found.on_hand, "ledger": found.ledger_on_hand}
        sentence = _("The counter of %(code)s says %(counter)s on hand, its ledger %(ledger)s.")
    elif found.reserved != found.ledger_reserved:
        values |= {"counter": found.reserved, "ledger": found.ledger_reserved}
        sentence = _("The counter of %(code)s says %(counter)s reserved, its ledger %(ledger)s.")
    else:
        values |= {"counter": found.reserved, "held": found.held}
        sentence = _("The counter of %(code)s says %(counter)s reserved, its orders hold %(held)s.")
    return sentence % values


def _figures(found: figures.Figures) -> Table:
    columns = ["", _("on hand"), _("reserved"), _("available")]
    rows = [
        (_("counters"), found.on_hand, found.reserved, found.on_hand - found.reserved),
        (
            _("sums of the ledger"),
            found.ledger_on_hand,
            found.ledger_reserved,
            found.ledger_on_hand - found.ledger_reserved,
        ),
        (_("active reservations"), "–", found.held, "–"),
    ]
    return Table(_("Figures"), columns, rows)


def _orders(product: Product) -> Table:
    """The orders that hold stock, or of which the ledger says that they do."""
    held, ledger = figures.held_by_order(product.pk), figures.held_in_ledger(product.pk)
    lines = OrderLine.objects.filter(
        product=product, order_id__in=[int(code[3:]) for code in (held.keys() | ledger.keys()) if code]
    )
    states = {
        f"ORD{line.order_id}": (line.order.status, line.reservation) for line in lines.select_related("order")
    }
    rows = [
        (code or _("no order"), *states.get(code, ("–", "–")), held.get(code, 0), ledger.get(code, 0))
        for code in sorted(held.keys() | ledger.keys())
    ]
    rows.sort(key=lambda row: row[3] == row[4])
    columns = [_("order"), _("status"), _("reservation"), _("held by its lines"), _("held in the ledger")]
    return Table(_("Orders that hold stock"), columns, rows[:SHOWN])


def _since(product: Product) -> list[Table]:
    agreed = agreement.last_agreed(product.pk)
    entries = Entry.objects.filter(object_code=product.code).order_by("-id")
    movements = StockMovement.objects.filter(stock=product.pk)
    deployments = Deployment.objects.all()
    title = _("Audit entries of %(code)s, the last time they agreed being unknown")
    values = {"code": product.code, "at": clock(agreed)}
    if agreed is not None:
        title = _("Audit entries of %(code)s since %(at)s, when the figures last agreed")
        since = datetime.fromtimestamp(agreed, UTC)
        entries, movements = entries.filter(at__gte=since), movements.filter(at__gte=since)
        deployments = deployments.filter(at__gte=since)
    told = [
        (clock(one.at), one.actor_label, one.verb, one.reason or "–", one.request_id or "–")
        for one in entries[:SHOWN]
    ]
    moved = [
        (
            clock(one.at),
            one.kind,
            f"{one.on_hand_change:+d}",
            f"{one.reserved_change:+d}",
            one.order or one.note,
        )
        for one in movements[:SHOWN]
    ]
    return [
        Table(title % values, [_("at"), _("who"), _("did"), _("reason"), _("request id")], told),
        Table(
            _("Movements of the ledger"), [_("at"), _("kind"), _("on hand"), _("reserved"), _("of")], moved
        ),
        table_of_deployments(list(deployments[:SHOWN])),
    ]
