from django.urls import path

from orders.views import cart, checkout, orders

urlpatterns = [
    path("cart", cart.cart, name="cart"),
    path("cart/add", cart.cart_add, name="cart-add"),
    path("cart/change", cart.cart_change, name="cart-change"),
    path("checkout", checkout.checkout, name="checkout"),
    path("orders", orders.orders, name="orders"),
    path("orders/<str:code>", orders.order, name="order"),
    path("orders/<str:code>/tracking", orders.order_tracking, name="order-tracking"),
    path("orders/<str:code>/cancel", orders.order_cancel, name="order-cancel"),
    path("orders/<str:code>/reorder", orders.order_reorder, name="order-reorder"),
    path("orders/<str:code>/report", orders.order_report, name="order-report"),
]
