from django.urls import path

from retailers import join

urlpatterns = [
    path("register/retailer", join.register, name="register-retailer"),
]
