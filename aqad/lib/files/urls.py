from django.urls import path

from aqad.lib.files.views import serve_private, serve_public

urlpatterns = [
    path("files/<str:token>", serve_private, name="private_file"),
    path("media/<path:key>", serve_public, name="public_file"),
]
