"""What happened to people. Sent inside the transaction: a receiver writes rows, or refuses by raising."""

from django.dispatch import Signal

# user. Before their row is locked: who keeps their company locks it and refuses while it is not active.
reactivation_requested = Signal()

# purpose, email. In a worker, about an address of which nobody knows whether it is anybody's.
link_requested = Signal()

# user, before (the address until now). Who keeps it as a company's address as well follows.
email_changed = Signal()
