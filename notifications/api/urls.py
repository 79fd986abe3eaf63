from django.urls import path

from notifications.api import views

urlpatterns = [
    path("notifications", views.InboxView.as_view()),
    path("notifications/read-all", views.ReadAllView.as_view()),
    path("notifications/<int:notification_id>/read", views.ReadView.as_view()),
]
