from collections.abc import Sequence
from typing import Any

from django.db import models


def preload(instance: models.Model, **relations: Sequence[Any]) -> None:
    """Tell an instance the rows of its reverse relations that the caller has at hand, as a prefetch would."""
    cache = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, rows in relations.items():
        relation: Any = instance._meta.get_field(name)
        queryset = relation.related_model._base_manager.get_queryset()
        # As a related manager leaves it: the filter comes into the query where somebody asks on.
        of_instance = False, (), {relation.field.name: instance}
        queryset.__dict__.update(_result_cache=list(rows), _prefetch_done=True, _deferred_filter=of_instance)
        cache[name] = queryset
