from celery import shared_task

from catalog.services import searching


@shared_task
def keep_misses() -> int:
    """What was searched and not found, from Redis into the database."""
    return searching.keep_misses()


@shared_task
def refresh_popularity() -> int:
    """What sold of late comes first in searches."""
    return searching.refresh_popularity()


@shared_task
def count_words() -> int:
    """How many products have each word."""
    return searching.count_words()
