"""Rows whose time is over are deleted in batches, so that no transaction is long and nobody is waited for."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

BATCH = 1000  # rows deleted in one transaction


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete them a batch at a time, leaving out what others hold locked. Returns how many."""
    deleted = 0
    while True:
        with transaction.atomic():
            keys = list(
                rows.order_by().select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH]
            )
            rows.model._base_manager.filter(pk__in=keys).delete()
        deleted += len(keys)
        if len(keys) < BATCH:
            return deleted
