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
    path("auth/sessions", views.SessionsView.as_view()),
    path("auth/sessions/end-all", views.EndSessionsView.as_view()),
    path("auth/sessions/<str:session>", views.SessionView.as_view()),
    path("auth/email/change", views.EmailChangeView.as_view()),
    path("auth/email/confirm", views.EmailConfirmView.as_view()),
    path("auth/email/verify", views.EmailVerifyView.as_view()),
]
