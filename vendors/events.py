"""What happened to vendors. Sent inside the transaction: a receiver writes rows, or refuses by raising."""

from django.dispatch import Signal

vendor_approved = Signal()  # vendor, by
vendor_suspended = Signal()  # vendor, by, reason
vendor_reinstated = Signal()  # vendor, by
vendor_paused = Signal()  # vendor: a required document ran out
vendor_resumed = Signal()  # vendor
vendor_changed = Signal()  # vendor: what the public sees of it
