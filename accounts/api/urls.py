from django.urls import path

from accounts.api import views

urlpatterns = [
    path("auth/login", views.SignInView.as_view()),
    path("auth/refresh", views.RefreshView.as_view()),
    path("auth/logout", views.SignOutView.as_view()),
    path("auth/me", views.MeView.as_view()),
    path("auth/password/change", views.PasswordChangeView.as_view()),
    path("auth/password/reset", views.PasswordResetView.as_view()),
    path("auth/password/reset/confirm", views.PasswordResetConfirmView.as_view()),
    path("auth/email/verify", views.EmailVerifyView.as_view()),
]
