"""Why is the product API slow?"""

from django.utils.translation import gettext as _

from operations.doctor import errors, parts, rollouts
from operations.doctor.findings import Report, examine
from operations.doctor.slow import (
    cache,
    connections,
    latency,
    locks,
    processes,
    queues,
    statements,
)


def ask() -> Report:
    return examine(
        _("Is the product API slow?"),
        [
            (_("Parts"), parts.examine),
            (_("Locks"), locks.examine),
            (_("Database connections"), connections.examine),
            (_("Answers by endpoint"), latency.examine),
            (_("Slow statements"), statements.examine),
            (_("Cache"), cache.examine),
            (_("Processes"), processes.examine),
            (_("Queues"), queues.examine),
            (_("Error lines"), errors.examine),
            (_("Deployments"), rollouts.examine),
        ],
    )
