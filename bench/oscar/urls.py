"""Oscar's own pages, and its own order placing behind one address."""

from django.apps import apps
from django.urls import include, path

from bench.oscar.ordering import place_order

urlpatterns = [
    path("bench/order", place_order),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
