from django.urls import path

from payments import views

urlpatterns = [
    path("pay/<str:token>", views.pay, name="pay"),
    path("pay/<str:token>/result", views.payment_result, name="payment-result"),
    path("checkout/<str:code>", views.checkout_result, name="checkout-result"),
    path("checkout/<str:code>/pay", views.checkout_pay, name="checkout-pay"),
]
