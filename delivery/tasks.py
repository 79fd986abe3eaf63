from celery import shared_task

from delivery import services


@shared_task
def assign_waiting() -> int:
    """Sweeper: deliveries without a partner, or with one that is no longer active, find another."""
    return services.assign_waiting()


@shared_task
def forget_traces() -> int:
    """Sweeper: positions and photos of deliveries are not kept for ever."""
    return services.forget_traces()
