"""The invariants of the marketplace, each as a query that finds what breaks it.

Every race and fault test ends with them; `manage.py reconcile --fail` runs them against a live database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Invariant:
    """`sql` selects one row for each disagreement; its columns say what disagrees."""

    name: str
    sql: str


INVARIANTS = (
    Invariant(
        "stock counters are the sums of the movement ledger",
        """
        SELECT 'P' || stock.product_id AS product, stock.on_hand, stock.reserved,
               coalesce(sum(movement.on_hand_change), 0) AS ledger_on_hand,
               coalesce(sum(movement.reserved_change), 0) AS ledger_reserved
          FROM catalog_stock stock
          LEFT JOIN catalog_stockmovement movement ON movement.stock_id = stock.product_id
         GROUP BY stock.product_id, stock.on_hand, stock.reserved
        HAVING stock.on_hand <> coalesce(sum(movement.on_hand_change), 0)
            OR stock.reserved <> coalesce(sum(movement.reserved_change), 0)
        """,
    ),
    Invariant(
        "reserved stock is within what is on hand",
        """
        SELECT 'P' || product_id AS product, on_hand, reserved FROM catalog_stock
         WHERE reserved < 0 OR reserved > on_hand
        """,
    ),
    Invariant(
        "reserved stock is the sum of the active reservations",
        """
        SELECT 'P' || stock.product_id AS product, stock.reserved, coalesce(held.quantity, 0) AS held
          FROM catalog_stock stock
          LEFT JOIN (SELECT product_id, sum(quantity) AS quantity FROM orders_orderline
                      WHERE reservation = 'active' GROUP BY product_id) held USING (product_id)
         WHERE stock.reserved <> coalesce(held.quantity, 0)
        """,
    ),
    Invariant(
        "each reservation ended at most once, and as its line says",
        """
        SELECT 'ORD' || line.order_id AS "order", 'P' || line.product_id AS product, line.reservation,
               line.quantity, ledger.held, ledger.shipped, ledger.returned
          FROM orders_orderline line
          JOIN (SELECT "order" AS code, stock_id, sum(reserved_change) AS held,
                       -coalesce(sum(on_hand_change) FILTER (WHERE kind = 'shipped'), 0) AS shipped,
                       coalesce(sum(on_hand_change) FILTER (WHERE kind = 'returned'), 0) AS returned
                  FROM catalog_stockmovement WHERE "order" <> '' GROUP BY "order", stock_id) ledger
            ON ledger.code = 'ORD' || line.order_id AND ledger.stock_id = line.product_id
         WHERE ledger.held <> CASE line.reservation WHEN 'active' THEN line.quantity ELSE 0 END
            OR ledger.shipped <> CASE line.reservation WHEN 'consumed' THEN line.quantity ELSE 0 END
            OR ledger.returned NOT IN (0, ledger.shipped)
        """,
    ),
    Invariant(
        "an order's reservations stand as its status says",
        """
        SELECT 'ORD' || o.id AS "order", o.status, line.reservation
          FROM orders_order o JOIN orders_orderline line ON line.order_id = o.id
         WHERE NOT CASE
               WHEN o.status IN ('pending_payment', 'pending', 'processing', 'ready')
               THEN line.reservation = 'active'
               WHEN o.status IN ('shipped', 'completed', 'returned') THEN line.reservation = 'consumed'
               ELSE line.reservation IN ('released', 'expired') END
        """,
    ),
    Invariant(
        "order totals are their lines, VAT and delivery fee",
        """
        SELECT 'ORD' || o.id AS "order", o.subtotal, o.vat, o.delivery_fee, o.total,
               sum(line.subtotal) AS lines_subtotal, sum(line.vat) AS lines_vat
          FROM orders_order o LEFT JOIN orders_orderline line ON line.order_id = o.id
         GROUP BY o.id
        HAVING o.subtotal <> coalesce(sum(line.subtotal), 0) OR o.vat <> coalesce(sum(line.vat), 0)
            OR o.total <> o.subtotal + o.vat + o.delivery_fee
        """,
    ),
    Invariant(
        "the orders of a checkout add up to what is asked of the gateway",
        """
        SELECT 'CHK' || checkout.id AS checkout, checkout.total, sum(o.total) AS orders_total
          FROM orders_checkout checkout LEFT JOIN orders_order o ON o.checkout_id = checkout.id
         GROUP BY checkout.id
        HAVING checkout.total <> coalesce(sum(o.total), 0)
        UNION ALL
        SELECT 'PAY' || payment.id, payment.amount, checkout.total
          FROM payments_payment payment JOIN orders_checkout checkout ON checkout.id = payment.checkout_id
         WHERE payment.amount <> checkout.total
        """,
    ),
    Invariant(
        "refunds are booked as they are, and never above what was captured",
        """
        SELECT 'PAY' || payment.id AS payment, payment.amount_paid, payment.amount_refunded,
               payment.amount_refund_pending
          FROM payments_payment payment
          LEFT JOIN payments_refund refund ON refund.payment_id = payment.id
         GROUP BY payment.id
        HAVING payment.amount_refunded
               <> coalesce(sum(refund.amount) FILTER (WHERE refund.status = 'succeeded'), 0)
            OR payment.amount_refund_pending
               <> coalesce(sum(refund.amount) FILTER (WHERE refund.status = 'pending'), 0)
            OR payment.amount_refunded + payment.amount_refund_pending > payment.amount_paid
        """,
    ),
    Invariant(
        "refunds are the sums of their allocations",
        """
        SELECT refund.id AS refund, refund.amount, sum(part.amount) AS allocated
          FROM payments_refund refund LEFT JOIN payments_refundallocation part ON part.refund_id = refund.id
         GROUP BY refund.id HAVING refund.amount <> coalesce(sum(part.amount), 0)
        """,
    ),
    Invariant(
        "a captured card payment moved its orders on, or goes back whole",
        """
        SELECT 'PAY' || payment.id AS payment, payment.status, 'ORD' || o.id AS "order", o.status
          FROM payments_payment payment JOIN orders_order o ON o.checkout_id = payment.checkout_id
         WHERE payment.gateway <> '' AND payment.amount_paid > 0
           AND payment.amount_refunded + payment.amount_refund_pending < payment.amount_paid
           AND o.status IN ('pending_payment', 'failed')
           AND NOT EXISTS (SELECT 1 FROM payments_refund refund
                            WHERE refund.payment_id = payment.id AND refund.status = 'failed')
        """,
    ),
    Invariant(
        "no card order went on without a capture",
        """
        SELECT 'ORD' || o.id AS "order", o.status FROM orders_order o
         WHERE o.payment_method = 'card'
           AND o.status IN ('pending', 'processing', 'ready', 'shipped', 'completed', 'returned', 'rejected')
           AND NOT EXISTS (SELECT 1 FROM payments_payment payment
                            WHERE payment.checkout_id = o.checkout_id AND payment.amount_paid > 0)
        """,
    ),
    Invariant(
        "a paid order that ended without goods got its money back",
        """
        SELECT 'ORD' || o.id AS "order", o.status, o.total, coalesce(sum(part.amount), 0) AS given_back
          FROM orders_order o
          LEFT JOIN payments_refundallocation part ON part.order_id = o.id
         WHERE o.payment_method = 'card' AND o.placed_at IS NOT NULL
           AND o.status IN ('rejected', 'cancelled', 'returned')
         GROUP BY o.id HAVING coalesce(sum(part.amount), 0) < o.total
        """,
    ),
    Invariant(
        "cash collected is the total of the delivered orders",
        """
        SELECT 'PAY' || payment.id AS payment, payment.amount_paid,
               coalesce(sum(o.total) FILTER (WHERE o.status = 'completed'), 0) AS delivered
          FROM payments_payment payment JOIN orders_order o ON o.checkout_id = payment.checkout_id
         WHERE payment.method = 'cash_on_delivery'
         GROUP BY payment.id
        HAVING payment.amount_paid <> coalesce(sum(o.total) FILTER (WHERE o.status = 'completed'), 0)
        """,
    ),
    Invariant(
        "a delivery stands as its order says",
        """
        SELECT 'DEL' || delivery.id AS delivery, delivery.status, 'ORD' || o.id AS "order", o.status
          FROM delivery_delivery delivery JOIN orders_order o ON o.id = delivery.order_id
         WHERE NOT CASE delivery.status
               WHEN 'unassigned' THEN o.status = 'ready'
               WHEN 'assigned' THEN o.status = 'ready'
               WHEN 'delivered' THEN o.status = 'completed'
               WHEN 'returned' THEN o.status = 'returned'
               WHEN 'cancelled' THEN o.status = 'cancelled'
               ELSE o.status = 'shipped' END
        """,
    ),
    Invariant(
        "a checkout stands as its orders say",
        """
        SELECT 'CHK' || checkout.id AS checkout, checkout.status, 'ORD' || o.id AS "order", o.status
          FROM orders_checkout checkout JOIN orders_order o ON o.checkout_id = checkout.id
         WHERE NOT CASE checkout.status
               WHEN 'pending_payment' THEN o.status = 'pending_payment'
               WHEN 'failed' THEN o.status = 'failed'
               WHEN 'cancelled' THEN o.status = 'cancelled'
               ELSE o.status NOT IN ('pending_payment', 'failed') END
        """,
    ),
    Invariant(
        "one notification and one mail per event and person",
        """
        SELECT event_id, user_id, 'inbox' AS channel FROM notifications_notification
         GROUP BY event_id, user_id HAVING count(*) > 1
        UNION ALL
        SELECT event_id, user_id, 'mail' FROM notifications_mail
         GROUP BY event_id, user_id HAVING count(*) > 1
        """,
    ),
)

# What time should have brought to an end: true on a busy system, false when workers stand still.
OVERDUE = (
    Invariant(
        "no unpaid hold is older than its limit",
        """
        SELECT 'CHK' || id AS checkout, reserved_until FROM orders_checkout
         WHERE status = 'pending_payment' AND reserved_until < now() - interval '5 minutes'
        """,
    ),
    Invariant(
        "no order waits for an answer longer than its limit",
        """
        SELECT 'ORD' || id AS "order", answer_due_at FROM orders_order
         WHERE status = 'pending' AND answer_due_at < now() - interval '5 minutes'
        """,
    ),
    Invariant(
        "nobody sells without valid papers, and nobody with valid ones is paused",
        """
        SELECT 'V' || vendor.id AS vendor, vendor.selling_paused_at, valid.lately, valid.now
          FROM vendors_vendor vendor
         CROSS JOIN LATERAL (
               SELECT count(*) FILTER (WHERE coalesce(expiry_date, 'infinity') >= today) AS now,
                      count(*) FILTER (WHERE coalesce(expiry_date, 'infinity') >= lately) AS lately
                 FROM vendors_vendordocument,
                      (SELECT (now() AT TIME ZONE 'Asia/Dubai')::date AS today,
                              ((now() - interval '5 minutes') AT TIME ZONE 'Asia/Dubai')::date AS lately) day
                WHERE vendor_id = vendor.id AND status = 'accepted') valid
         WHERE vendor.status = 'active'
           AND CASE WHEN vendor.selling_paused_at IS NULL THEN valid.lately < 2 ELSE valid.now = 2 END
        """,
    ),
    Invariant(
        "the outbox is drained",
        """
        SELECT id, kind, about, attempts, last_error FROM notifications_outboxevent
         WHERE status <> 'sent' AND created_at < now() - interval '5 minutes'
        """,
    ),
    Invariant(
        "no mail waits for a worker",
        """
        SELECT id AS mail, subject, attempts, last_error FROM notifications_mail
         WHERE status = 'pending' AND due_at < now() - interval '5 minutes'
        """,
    ),
    Invariant(
        "the webhook inbox is drained",
        """
        SELECT gateway, event_id, type, attempts, last_error FROM payments_webhookevent
         WHERE status IN ('pending', 'dead') AND received_at < now() - interval '5 minutes'
        """,
    ),
)

# What somebody should look at though nothing here is wrong: others decide what becomes of a mail.
ADVICE = (
    Invariant(
        "a mail could not be sent: mend the address or the mail server, then retry it in the admin",
        """
        SELECT id AS mail, address, subject, status, attempts, last_error FROM notifications_mail
         WHERE status = 'dead'
            OR (status = 'pending' AND attempts > 1 AND created_at < now() - interval '5 minutes')
         ORDER BY id DESC LIMIT 100
        """,
    ),
)


@dataclass(frozen=True)
class Disagreement:
    invariant: str
    row: dict[str, Any]


def disagreements(*, with_overdue: bool = True) -> Iterator[Disagreement]:
    """Run every invariant and yield what breaks it."""
    yield from _found(INVARIANTS + (OVERDUE if with_overdue else ()))


def advice() -> Iterator[Disagreement]:
    """What operations should look at, at most 100 rows of each: no sign of wrong books or workers."""
    yield from _found(ADVICE)


def _found(invariants: Sequence[Invariant]) -> Iterator[Disagreement]:
    for invariant in invariants:
        with connection.cursor() as cursor:
            cursor.execute(invariant.sql)
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield Disagreement(invariant.name, dict(zip(columns, row, strict=True)))
