from collections.abc import Sequence
from typing import Any

from django.db import models


def preload(instance: models.Model, **relations: Sequence[Any]) -> None:
    """Tell an instance the rows of its reverse relations that the caller has at hand, as a prefetch would."""
    cache = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, rows in relations.items():
        queryset = getattr(instance, name).get_queryset()
        queryset.__dict__.update(_result_cache=list(rows), _prefetch_done=True)
        cache[name] = queryset
