from django.urls import path

from vendors import views

urlpatterns = [
    path("apply/<str:token>", views.application, name="vendor-application"),
]
