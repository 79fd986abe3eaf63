from django.urls import path

from orders.api import views

urlpatterns = [
    path("cart", views.CartView.as_view()),
    path("cart/items/<str:code>", views.CartItemView.as_view()),
    path("orders", views.OrdersView.as_view()),
    path("orders/<str:code>", views.OrderView.as_view()),
    path("orders/<str:code>/accept", views.AcceptView.as_view()),
    path("orders/<str:code>/reject", views.RejectView.as_view()),
    path("orders/<str:code>/cancel", views.CancelView.as_view()),
    path("orders/<str:code>/ready", views.ReadyView.as_view()),
    path("checkouts/<str:code>", views.CheckoutView.as_view()),
]
