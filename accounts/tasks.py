from celery import shared_task

from accounts import services
from aqad.lib import wakeup


@shared_task
def forget_expired() -> None:
    """Delete idempotency keys, token families and links whose time is over."""
    services.forget_expired()


@shared_task
def answer_link_requests() -> None:
    """Mail the links that somebody asked for, where the address is known."""
    wakeup.begun(services.link_requests.ANSWER)
    if services.answer_link_requests():
        wakeup.wake_once(services.link_requests.ANSWER)
