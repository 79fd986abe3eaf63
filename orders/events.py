"""What happened to orders.

Sent inside the transaction: a receiver only writes rows, or refuses by raising.
"""

from django.dispatch import Signal

checkout_placed = Signal()  # checkout, orders, by: stock is reserved, nothing paid yet
checkout_expired = Signal()  # checkout, reason: the hold ended unpaid, stock is released
checkout_cancelled = Signal()  # checkout, by: unpaid, by its retailer
order_ready = Signal()  # order, by: goods wait for a driver
order_completed = Signal()  # order, by: delivered
order_rejected = Signal()  # order, by, reason: stock is released
order_cancelled = Signal()  # order, by, reason: after it was placed; stock is released
order_returned = Signal()  # order, by: goods came back
