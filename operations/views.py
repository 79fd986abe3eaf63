"""Probes, and the browsable description of the API."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from aqad.lib.api.json import dumps
from aqad.lib.api.permissions import Anyone
from operations import health

RENDERERS = {"yaml": OpenApiYamlRenderer, "json": OpenApiJsonRenderer}


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
    """OpenAPI 3 of the whole API, YAML or JSON (`?format=json`); each process writes it once a language."""

    permission_classes = [Anyone]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        renderer = request.accepted_renderer
        body = _schema(settings.ROOT_URLCONF, str(translation.get_language()), renderer.format)
        response = HttpResponse(body, content_type=renderer.media_type)
        response["Content-Disposition"] = f'inline; filename="aqad-api.{renderer.format}"'
        response["Cache-Control"] = "no-cache"
        set_response_etag(response)
        return get_conditional_response(request, etag=response["ETag"], response=response) or response


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own files: no inline script or style, nothing from the outside."""

    permission_classes = [Anyone]
    template_name = "operations/api_docs.html"
    url_name = "api-schema"


@cache
def _schema(urlconf: str, language: str, kind: str) -> str | bytes:
    with translation.override(language):
        schema = SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)
    return RENDERERS[kind]().render(schema)


def _json(body: dict[str, object], status: int = 200) -> HttpResponse:
    response = HttpResponse(dumps(body), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
