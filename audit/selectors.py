from django.db.models import QuerySet

from audit.models import Entry


def timeline(code: str) -> QuerySet[Entry]:
    """The status changes of one thing, oldest first."""
    return Entry.objects.filter(object_code=code).exclude(to_status="").order_by("id")
