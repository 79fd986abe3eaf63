"""What happened to vendors. Sent inside the transaction: a receiver writes rows, or refuses by raising."""

from django.dispatch import Signal

vendor_suspended = Signal()  # vendor, by, reason
