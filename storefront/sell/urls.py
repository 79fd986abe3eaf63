from django.urls import path

from storefront.sell import views

urlpatterns = [path("sell", views.dashboard, name="sell-dashboard")]
