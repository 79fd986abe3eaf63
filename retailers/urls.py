from django.urls import path

from retailers import views

urlpatterns = [
    path("account/addresses", views.addresses, name="addresses"),
    path("account/addresses/new", views.address_new, name="address-new"),
    path("account/addresses/<int:pk>", views.address, name="address"),
    path("account/addresses/<int:pk>/delete", views.address_delete, name="address-delete"),
]
