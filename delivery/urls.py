from django.urls import path

from delivery import views

urlpatterns = [
    path("drive", views.drive, name="drive"),
    path("drive/history", views.history, name="drive-history"),
    path("drive/<str:code>", views.delivery, name="drive-delivery"),
    path("drive/<str:code>/step", views.step, name="drive-step"),
]
