from django.urls import path

from storefront import views

urlpatterns = [
    path("", views.home, name="home"),
    path("products", views.products, name="products"),
    path("products/suggestions", views.suggestions, name="product-suggestions"),
    path("products/<str:code>", views.product, name="product"),
    path("categories/<slug:slug>", views.category, name="category"),
    path("vendors/<str:code>", views.vendor, name="vendor"),
    path("language", views.set_language, name="set-language"),
    path("offline", views.offline, name="offline"),
    path("service-worker.js", views.service_worker, name="service-worker"),
]
