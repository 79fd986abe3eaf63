from typing import Any

from rest_framework import serializers

from aqad.lib.api.serializers import Input
from aqad.lib.api.shapes import Shape
from notifications.models import Notification


class InboxQuery(Input):
    unread = serializers.BooleanField(default=False)


class NotificationShape(Shape):
    """What `notification` answers, for the schema."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    about = serializers.CharField(help_text="The code of what it is about, such as ORD1001; may be empty.")
    created_at = serializers.DateTimeField()
    read = serializers.BooleanField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadAllShape(Shape):
    read = serializers.IntegerField(help_text="How many were unread before.")


def notification(line: Notification) -> dict[str, Any]:
    return {
        "id": line.pk,
        "kind": line.kind,
        "title": line.title,
        "body": line.body,
        "about": line.about,
        "created_at": line.created_at,
        "read": line.read_at is not None,
        "read_at": line.read_at,
    }
