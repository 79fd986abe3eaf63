from django.urls import path

from payments import views

urlpatterns = [
    path("pay/<str:token>", views.pay, name="pay"),
    path("pay/<str:token>/result", views.payment_result, name="payment-result"),
]
