from django.urls import path

from catalog.api import views

urlpatterns = [
    path("products", views.ProductsView.as_view()),
    path("products/facets", views.FacetsView.as_view()),
    path("products/suggest", views.SuggestView.as_view()),
    path("products/<str:code>", views.ProductView.as_view()),
    path("products/<str:code>/images", views.ImagesView.as_view()),
    path("products/<str:code>/images/<int:image_id>", views.ImageView.as_view()),
    path("products/<str:code>/stock", views.StockView.as_view()),
    path("vendor/products", views.VendorProductsView.as_view()),
    path("categories", views.CategoriesView.as_view()),
    path("brands", views.BrandsView.as_view()),
]
