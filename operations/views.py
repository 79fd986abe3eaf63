"""Probes, and the browsable description of the API."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from aqad.lib.api.json import dumps
from aqad.lib.api.permissions import Anyone
from operations import health


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up and answers; asks nobody else."""
    return _json({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part with its state; 503 only without the database, the one part AQAD cannot do without."""
    parts = health.states()
    down = [name for name, state in parts.items() if state != health.OK]
    if health.ESSENTIAL & set(down):
        response = _json({"status": "unavailable", **parts, "degraded": down}, status=503)
        response["Retry-After"] = "5"
        return response
    return _json({"status": "degraded" if down else "ok", **parts, "degraded": down})


class SchemaView(SpectacularAPIView):
    """OpenAPI 3 of the whole API, YAML or JSON (`?format=json`)."""

    permission_classes = [Anyone]


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own files: no inline script or style, nothing from the outside."""

    permission_classes = [Anyone]
    template_name = "operations/api_docs.html"
    url_name = "api-schema"


def _json(body: dict[str, object], status: int = 200) -> HttpResponse:
    response = HttpResponse(dumps(body), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
