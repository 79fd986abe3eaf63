from django.urls import path

from vendors import company_views

urlpatterns = [
    path("sell/company", company_views.company, name="sell-company"),
    path("sell/company/documents/<str:kind>", company_views.document, name="sell-company-document"),
]
