from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/code", views.sign_in_code, name="sign-in-code"),
    path("register", views.register, name="register"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("forgot-password", views.forgot_password, name="forgot-password"),
    path("reset-password/<str:token>", views.reset_password, name="reset-password"),
    path("confirm-email/<str:token>", views.confirm_email, name="confirm-email"),
    path("verify-email/<str:token>", views.verify_email, name="verify-email"),
]
