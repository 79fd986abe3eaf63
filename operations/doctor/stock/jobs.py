"""Work not yet done that will move a product's stock."""

from typing import Any

from django.utils.translation import gettext as _

from operations.doctor.database import rows
from operations.doctor.findings import Finding, Table
from operations.doctor.words import span

_SQL = """
SELECT 'hold that ran out', 'CHK' || checkout.id, checkout.reserved_until,
       extract(epoch FROM now() - checkout.reserved_until)::float
  FROM orders_checkout checkout
 WHERE checkout.status = 'pending_payment' AND checkout.reserved_until < now()
   AND EXISTS (SELECT 1 FROM orders_order o JOIN orders_orderline line ON line.order_id = o.id
                WHERE o.checkout_id = checkout.id AND line.product_id = %(product)s)
UNION ALL
SELECT 'order nobody answered', 'ORD' || o.id, o.answer_due_at,
       extract(epoch FROM now() - o.answer_due_at)::float
  FROM orders_order o WHERE o.status = 'pending' AND o.answer_due_at < now()
   AND EXISTS (SELECT 1 FROM orders_orderline line
                WHERE line.order_id = o.id AND line.product_id = %(product)s)
UNION ALL
SELECT 'webhook not processed', webhook.event_id, webhook.received_at,
       extract(epoch FROM now() - webhook.received_at)::float
  FROM payments_webhookevent webhook WHERE webhook.status IN ('pending', 'dead')
   AND webhook.received_at > now() - interval '7 days'
 ORDER BY 4 DESC LIMIT 50
"""
OVERDUE = 300.0  # seconds, as in operations/reconcile.py


def waiting(product_id: int) -> list[tuple[Any, ...]]:
    return rows(_SQL, product=product_id)


def examine(product_id: int) -> Finding:
    found = waiting(product_id)
    name = _("Work that waits")
    if not found:
        return Finding(name, _("No background job that moves this stock waits."))
    table = Table(
        "", [_("job"), _("of"), _("overdue for")], [(job, of, span(age)) for job, of, _at, age in found]
    )
    job, of, _at, age = found[0]
    values = {"job": job, "of": of, "time": span(age)}
    sentence = _("A background job waits that will move this stock: %(job)s %(of)s, overdue for %(time)s.")
    if age < OVERDUE:
        return Finding(name, sentence % values, tables=[table])
    step = _("See that worker and beat live: doctor slow says which do.")
    return Finding(name, sentence % values, wrong=True, next_step=step, tables=[table])
