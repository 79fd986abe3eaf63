from django.urls import path

from vendors import join

urlpatterns = [
    path("register/vendor", join.register, name="register-vendor"),
    path("register/vendor/sent", join.sent, name="register-vendor-sent"),
    path("apply", join.application_link, name="application-link"),
    path("apply/<str:token>", join.application, name="vendor-application"),
]
