from django.urls import path

from delivery.api import views

urlpatterns = [
    path("delivery-partners", views.PartnersView.as_view()),
    path("delivery-partners/<str:code>", views.PartnerView.as_view()),
    path("delivery-partners/<str:code>/drivers", views.DriversView.as_view()),
    path("delivery-partners/<str:code>/drivers/<int:driver_id>", views.DriverView.as_view()),
    path("deliveries", views.DeliveriesView.as_view()),
    path("deliveries/<str:code>", views.DeliveryView.as_view()),
    path("deliveries/<str:code>/status", views.StatusView.as_view()),
]
