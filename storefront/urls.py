from django.urls import path

from storefront import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language", views.set_language, name="set-language"),
    path("offline", views.offline, name="offline"),
]
