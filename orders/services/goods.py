"""Whether what was ordered is still sold, for whoever is about to pay for it."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from aqad.lib.compiled import Compiled
from orders.basket import NOT_FOR_ORDERS, is_sold
from orders.errors import NoLongerSold
from orders.models import OrderLine
from vendors.models import Vendor


def _lines(checkout: int) -> QuerySet[OrderLine]:
    unread = [f"product__{name}" for name in NOT_FOR_ORDERS]
    lines = OrderLine.objects.filter(order__checkout=checkout).select_related("product__vendor")
    return lines.defer(*unread).order_by("product_id")


_locked_lines = Compiled[OrderLine](_lines, lock="FOR KEY SHARE OF catalog_product, vendors_vendor")


def read_goods(checkout_key: int) -> list[OrderLine]:
    """The lines of a checkout with product and vendor as they are at this moment."""
    return list(_lines(checkout_key))


def lock_goods(checkout_key: int) -> list[OrderLine]:
    """The lines of a checkout with product and vendor as they are until the transaction ends.

    To be called before `lock_checkout`; the lock is the one of `orders.basket.lock_products`.
    """
    return _locked_lines(checkout_key)


def check_still_sold(lines: Iterable[OrderLine]) -> None:
    """Raises NoLongerSold with the lines whose product is not active or whose vendor does not sell."""
    _refuse([line for line in lines if not is_sold(line.product)])


def check_not_suspended(lines: Iterable[OrderLine]) -> None:
    """Raises NoLongerSold with the lines of suspended vendors.

    A live hold is a promise: goods that are archived, hidden or withdrawn after they were ordered, or whose
    vendor is paused for its papers, can still be paid and delivered. Those of a suspended vendor cannot.
    """
    _refuse([line for line in lines if line.product.vendor.status != Vendor.Status.ACTIVE])


def _refuse(gone: Sequence[OrderLine]) -> None:
    if gone:
        raise NoLongerSold([(line.product.code, line.product.name_read, line.quantity) for line in gone])
