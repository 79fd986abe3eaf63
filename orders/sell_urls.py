from django.urls import path

from orders import sell_views

urlpatterns = [
    path("sell/orders", sell_views.order_list, name="sell-orders"),
    path("sell/orders/board", sell_views.board, name="sell-orders-board"),
    path("sell/orders/<str:code>", sell_views.order, name="sell-order"),
    path("sell/orders/<str:code>/accept", sell_views.accept, name="sell-order-accept"),
    path("sell/orders/<str:code>/reject", sell_views.reject, name="sell-order-reject"),
    path("sell/orders/<str:code>/ready", sell_views.ready, name="sell-order-ready"),
    path("sell/orders/<str:code>/cancel", sell_views.cancel, name="sell-order-cancel"),
    path("sell/orders/<str:code>/pick-list", sell_views.pick_list, name="sell-picklist"),
]
