from celery import shared_task

from catalog.services import import_steps, imports, searching


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


@shared_task
def carry_on_import(pk: int) -> None:
    import_steps.carry_on(pk)


@shared_task
def sweep_imports() -> None:
    """Carry on with what no worker was woken for and what a killed one left."""
    import_steps.sweep()


@shared_task
def forget_imports() -> None:
    imports.forget_imports()
