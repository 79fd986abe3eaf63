from celery import shared_task

from accounts import services


@shared_task
def forget_expired() -> None:
    """Delete idempotency keys, token families and links whose time is over."""
    services.forget_expired()
