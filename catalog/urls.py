from django.urls import path

from catalog import import_views, views

urlpatterns = [
    path("sell/products", views.product_list, name="sell-products"),
    path("sell/products/new", views.product_new, name="sell-product-new"),
    path("sell/products/export", import_views.export, name="sell-products-export"),
    path("sell/products/import", import_views.import_new, name="sell-import-new"),
    path("sell/products/import/template", import_views.import_template, name="sell-import-template"),
    path("sell/products/import/<str:code>", import_views.import_page, name="sell-import"),
    path(
        "sell/products/import/<str:code>/progress", import_views.import_progress, name="sell-import-progress"
    ),
    path("sell/products/import/<str:code>/confirm", import_views.import_confirm, name="sell-import-confirm"),
    path("sell/products/import/<str:code>/cancel", import_views.import_cancel, name="sell-import-cancel"),
    path("sell/products/import/<str:code>/errors", import_views.import_errors, name="sell-import-errors"),
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
