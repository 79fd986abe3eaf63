from django.urls import path

from catalog.api import import_views, views

urlpatterns = [
    path("products", views.ProductsView.as_view()),
    path("products/facets", views.FacetsView.as_view()),
    path("products/suggest", views.SuggestView.as_view()),
    path("products/import", import_views.ImportProductsView.as_view()),
    path("products/export", import_views.ExportProductsView.as_view()),
    path("products/<str:code>", views.ProductView.as_view()),
    path("products/<str:code>/images", views.ImagesView.as_view()),
    path("products/<str:code>/images/<int:image_id>", views.ImageView.as_view()),
    path("products/<str:code>/stock", views.StockView.as_view()),
    path("imports", import_views.ImportsView.as_view()),
    path("imports/<str:code>", import_views.ImportView.as_view()),
    path("imports/<str:code>/rows", import_views.ImportRowsView.as_view()),
    path("imports/<str:code>/errors", import_views.ImportErrorsView.as_view()),
    path("imports/<str:code>/confirm", import_views.ImportConfirmView.as_view()),
    path("imports/<str:code>/cancel", import_views.ImportCancelView.as_view()),
    path("vendor/products", views.VendorProductsView.as_view()),
    path("categories", views.CategoriesView.as_view()),
    path("brands", views.BrandsView.as_view()),
]
