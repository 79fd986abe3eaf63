from typing import Any

from django.db.models import QuerySet

from audit.models import Entry

STAFF = "Admin "  # how the log begins the name of a staff member
THE_HOUSE = "AQAD"


def timeline(code: str) -> QuerySet[Entry]:
    """The status changes of one thing, oldest first."""
    return Entry.objects.filter(object_code=code).exclude(to_status="").order_by("id")


def name_actor(label: str, *, reader: Any) -> str:
    """Who acted, as `reader` may know it. Staff read what the log has.

    To everybody else a staff member is AQAD, and nobody is named by an e-mail address: of a company they read
    its code, of a person without one the role.
    """
    if reader.is_staff:
        return label
    if label.startswith(STAFF):
        return THE_HOUSE
    return label.partition(" ")[0] if "@" in label else label
