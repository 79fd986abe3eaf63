"""Every write to carts, checkouts and orders, by topic."""

from orders.basket import Item
from orders.services.answering import (
    accept_order,
    cancel_order,
    mark_ready,
    reject_order,
    reject_pending_orders_of,
    reject_unanswered_orders,
)
from orders.services.cart import empty_cart, merge_cart, set_quantity
from orders.services.goods import check_not_suspended, check_still_sold, lock_goods, read_goods
from orders.services.holds import expire_hold, expire_holds, fail_checkout, reserve_again
from orders.services.locking import lock_buyer, lock_checkout, lock_order
from orders.services.paying import confirm_payment, give_back_late_money
from orders.services.placing import (
    Placement,
    freeing_expired_holds,
    place_checkout,
    place_in_transaction,
)
from orders.services.reporting import close_report, report_problem
from orders.services.shipping import complete_order, return_order, ship_order
from orders.services.submitting import place_once

__all__ = [
    "Item",
    "Placement",
    "accept_order",
    "cancel_order",
    "check_not_suspended",
    "check_still_sold",
    "close_report",
    "complete_order",
    "confirm_payment",
    "empty_cart",
    "expire_hold",
    "expire_holds",
    "fail_checkout",
    "freeing_expired_holds",
    "give_back_late_money",
    "lock_buyer",
    "lock_checkout",
    "lock_goods",
    "lock_order",
    "mark_ready",
    "merge_cart",
    "place_checkout",
    "place_in_transaction",
    "place_once",
    "read_goods",
    "reject_order",
    "reject_pending_orders_of",
    "reject_unanswered_orders",
    "report_problem",
    "reserve_again",
    "return_order",
    "set_quantity",
    "ship_order",
]
