from django.urls import path

from vendors.api import views

urlpatterns = [
    path("vendor/register", views.RegisterView.as_view()),
    path("vendor/profile", views.ProfileView.as_view()),
    path("vendor/documents/<str:kind>", views.RenewalView.as_view()),
    path("vendor/application/link", views.ApplicationLinkView.as_view()),
    path("vendor/application/<str:token>", views.ApplicationView.as_view()),
    path("vendors", views.VendorsView.as_view()),
    path("vendors/<str:code>", views.VendorView.as_view()),
    path("vendors/<str:code>/documents/<str:kind>/accept", views.AcceptDocumentView.as_view()),
    path("vendors/<str:code>/documents/<str:kind>/reject", views.RejectDocumentView.as_view()),
    path("vendors/<str:code>/approve", views.ApproveView.as_view()),
    path("vendors/<str:code>/reject", views.RejectView.as_view()),
    path("vendors/<str:code>/suspend", views.SuspendView.as_view()),
    path("vendors/<str:code>/reinstate", views.ReinstateView.as_view()),
]
