"""Prometheus' door: only with the token, unknown without one."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from aqad.lib.web.errors import Problem, answer


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All processes' figures together where PROMETHEUS_MULTIPROC_DIR is set; 404 while no token is set."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        return answer(request, Problem(401, "unauthorized"))
    response: HttpResponse = ExportToDjangoView(request)
    response["Cache-Control"] = "no-store"
    return response
