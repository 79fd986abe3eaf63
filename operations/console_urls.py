from django.urls import path

from operations import console

urlpatterns = [
    path("", console.home, name="operations-doctor"),
    path("slow", console.slow, name="operations-doctor-slow"),
    path("login", console.login, name="operations-doctor-login"),
    path("stock", console.stock, name="operations-doctor-stock"),
    path("stock/<str:code>/correct", console.correct, name="operations-doctor-correct"),
]
