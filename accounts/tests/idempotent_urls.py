"""A tiny API with an idempotent write, and one that fails when told to."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from aqad.lib.api.json import Parser
from aqad.lib.api.permissions import SIGNED_IN
from aqad.lib.api.uploads import Multipart
from aqad.lib.api.views import View
from aqad.lib.errors import InvalidTransition
from audit import services as audit


class NoteView(View):
    """Writes one audit entry; answers with its text."""

    roles = SIGNED_IN
    parser_classes = (Parser, Multipart)

    @idempotent("notes")
    def post(self, request: Request, **_path: Any) -> Response:
        audit.record(request.user, "noted", request.user, data={"text": request.data.get("text", "")})
        if request.data.get("fail") == "raise":
            raise InvalidTransition()
        if request.data.get("fail") == "return":
            return Response({"oh": "no"}, status=400)
        if request.data.get("empty"):
            return Response(status=204)
        return Response({"z": request.data.get("text"), "a": "1.00", "by": request.user.email}, status=201)


class OtherView(NoteView):
    """The same under another name."""

    post = idempotent("others")(NoteView.post.__wrapped__.__wrapped__)


urlpatterns = [
    path("api/notes", NoteView.as_view()),
    path("api/notes/<str:code>", NoteView.as_view()),
    path("api/others", OtherView.as_view()),
]
handler404 = "aqad.lib.web.errors.not_found"
