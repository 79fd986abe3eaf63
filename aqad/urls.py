"""Every address of AQAD, by the app that answers it."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import sign_in
from aqad.lib.web.sign_in_page import limit_sign_in_page

_API = [  # what is asked most comes first: a path is compared with one after the other
    path("", include("orders.api.urls")),
    path("", include("catalog.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("vendors.api.urls")),
    path("", include("retailers.api.urls")),
    path("", include("payments.api.urls")),
    path("", include("delivery.api.urls")),
    path("", include("notifications.api.urls")),
]
urlpatterns = [
    path("api/", include(_API)),  # first: pages are many, and apps ask most
    path("", include("operations.urls")),
    path("", include("aqad.lib.files.urls")),
    path("", include("storefront.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.profile_urls")),
    path("", include("vendors.urls")),
    path("", include("storefront.sell.urls")),
    path("", include("catalog.urls")),
    path("", include("orders.sell_urls")),
    path("", include("vendors.company_urls")),
    path("", include("orders.urls")),
    path("", include("payments.urls")),
    path("", include("retailers.urls")),
    path("", include("notifications.urls")),
    path("", include("delivery.urls")),
    path("", include("retailers.join_urls")),
    path("admin/login/", limit_sign_in_page(sign_in)),
    path("admin/doctor/", include("operations.console_urls")),
    path("admin/", admin.site.urls),
]
handler400 = "aqad.lib.web.errors.bad_request"
handler403 = "aqad.lib.web.errors.forbidden"
handler404 = "aqad.lib.web.errors.not_found"
handler500 = "aqad.lib.web.errors.server_error"
