from django.urls import path

from payments.api import views

urlpatterns = [
    path("payments", views.PaymentsView.as_view()),
    path("payments/webhooks/<str:gateway>", views.WebhookView.as_view()),
    path("payments/<str:code>", views.PaymentView.as_view()),
    path("payments/<str:code>/refunds", views.RefundsView.as_view()),
]
