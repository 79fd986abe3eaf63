from django.urls import path

from operations import views
from operations.metrics import metrics

urlpatterns = [
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", metrics),
    path("api/schema", views.SchemaView.as_view(), name="api-schema"),
    path("api/docs", views.DocsView.as_view(), name="api-docs"),
]
