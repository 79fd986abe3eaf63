"""What a retailer has open and unpaid, as columns of a statement that reads something else.

Not of the statement that locks the buyer: who waited for a lock sees the locked row as it is now, but what
subqueries count as it was before the wait, without the order that was waited for.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from orders.models import Checkout, Order, PaymentMethod

OPEN_CASH = (Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.READY, Order.Status.SHIPPED)


def open_figures(retailer_key: int) -> dict[str, Any]:
    """`open_holds`: unpaid card checkouts; AED: `open_card` of them, `open_cash` by cash."""
    unpaid = Checkout.objects.filter(retailer=retailer_key, status=Checkout.Status.PENDING_PAYMENT)
    by_cash = Order.objects.filter(
        retailer=retailer_key, payment_method=PaymentMethod.CASH_ON_DELIVERY, status__in=OPEN_CASH
    )
    money = DecimalField(max_digits=14, decimal_places=2)
    nothing = Value(Decimal("0.00"), money)
    return {
        "open_holds": Coalesce(_aggregate(unpaid, Count("pk")), 0),
        "open_card": Coalesce(_aggregate(unpaid, Sum("total")), nothing, output_field=money),
        "open_cash": Coalesce(_aggregate(by_cash, Sum("total")), nothing, output_field=money),
    }


def _aggregate(rows: Any, what: Any) -> Subquery:
    return Subquery(rows.order_by().values("retailer").annotate(value=what).values("value"))
