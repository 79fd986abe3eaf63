from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from aqad.lib.api.pagination import paginate
from aqad.lib.api.permissions import SIGNED_IN
from aqad.lib.api.shapes import PageQuery, page_of
from aqad.lib.api.views import View
from notifications import selectors, services
from notifications.api import serializers
from notifications.models import Notification


class InboxView(View):
    roles = SIGNED_IN

    @extend_schema(
        parameters=[serializers.InboxQuery, PageQuery], responses=page_of(serializers.NotificationShape)
    )
    def get(self, request: Request) -> Response:
        """The own notifications, newest first."""
        asked = self.query(serializers.InboxQuery)
        lines = selectors.inbox(request.user, unread=asked["unread"])
        return paginate(request, lines, serializers.notification)


class ReadView(View):
    roles = SIGNED_IN

    @extend_schema(request=None, responses=serializers.NotificationShape)
    def post(self, request: Request, notification_id: int) -> Response:
        """Mark one as read; a second time changes nothing."""
        line = get_object_or_404(Notification.objects.visible_to(request.user), pk=notification_id)
        return Response(serializers.notification(services.mark_read(line)))


class ReadAllView(View):
    roles = SIGNED_IN

    @extend_schema(request=None, responses=serializers.ReadAllShape)
    def post(self, request: Request) -> Response:
        """Mark all as read."""
        return Response({"read": services.mark_all_read(request.user)})
