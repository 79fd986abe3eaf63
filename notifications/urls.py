from django.urls import path

from notifications import views

urlpatterns = [
    path("notifications", views.inbox, name="notifications"),
    path("notifications/read", views.read, name="notifications-read"),
    path("notifications/<int:pk>", views.notification, name="notification"),
]
