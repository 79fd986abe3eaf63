from celery import shared_task

from orders import services


@shared_task
def expire_holds() -> int:
    """Sweeper: unpaid stock whose time ran out is released."""
    return services.expire_holds()


@shared_task
def reject_unanswered_orders() -> int:
    """Sweeper: orders that no vendor answered are rejected."""
    return services.reject_unanswered_orders()
