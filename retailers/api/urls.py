from django.urls import path

from retailers.api import views

urlpatterns = [
    path("retailer/register", views.RegisterView.as_view()),
    path("retailer/profile", views.ProfileView.as_view()),
    path("retailer/addresses", views.AddressesView.as_view()),
    path("retailer/addresses/<int:address_id>", views.AddressView.as_view()),
    path("retailers", views.RetailersView.as_view()),
    path("retailers/<str:code>", views.RetailerView.as_view()),
    path("retailers/<str:code>/suspend", views.SuspendView.as_view()),
    path("retailers/<str:code>/reinstate", views.ReinstateView.as_view()),
]
