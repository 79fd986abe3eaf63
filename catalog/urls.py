from django.urls import path

from catalog import views

urlpatterns = [
    path("sell/products", views.product_list, name="sell-products"),
    path("sell/products/new", views.product_new, name="sell-product-new"),
    path("sell/products/<str:code>", views.product, name="sell-product"),
    path("sell/products/<str:code>/archive", views.product_archive, name="sell-product-archive"),
    path("sell/products/<str:code>/quick", views.product_quick, name="sell-product-quick"),
    path("sell/products/<str:code>/images", views.images_add, name="sell-product-images"),
    path("sell/products/<str:code>/images/order", views.images_order, name="sell-product-images-order"),
    path(
        "sell/products/<str:code>/images/<int:pk>/delete",
        views.image_delete,
        name="sell-product-image-delete",
    ),
    path("sell/products/<str:code>/stock", views.stock_page, name="sell-stock"),
    path("sell/stock", views.stock_overview, name="sell-stock-overview"),
]
