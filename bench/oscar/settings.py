"""django-oscar with its JSON API, as their documentation sets them up, with connections kept open."""

import os

from oscar.defaults import *  # noqa: F403

SECRET_KEY = "benchmark"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["BENCH_SOCKETS"],
        "USER": "aqad",
        "NAME": "bench_oscar",
        "CONN_MAX_AGE": None,
    }
}
INSTALLED_APPS = [
    *(f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")),
    *(f"django.contrib.{name}" for name in ("staticfiles", "sites", "flatpages")),
    "oscar.config.Shop",
    *(
        f"oscar.apps.{name}.apps.{config}Config"
        for name, config in (
            ("analytics", "Analytics"), ("checkout", "Checkout"), ("address", "Address"),
            ("shipping", "Shipping"), ("catalogue", "Catalogue"), ("catalogue.reviews", "CatalogueReviews"),
            ("communication", "Communication"), ("partner", "Partner"), ("basket", "Basket"),
            ("payment", "Payment"), ("offer", "Offer"), ("order", "Order"), ("customer", "Customer"),
            ("search", "Search"), ("voucher", "Voucher"), ("wishlists", "Wishlists"),
            ("dashboard", "Dashboard"), ("dashboard.reports", "ReportsDashboard"),
            ("dashboard.users", "UsersDashboard"), ("dashboard.orders", "OrdersDashboard"),
            ("dashboard.catalogue", "CatalogueDashboard"), ("dashboard.offers", "OffersDashboard"),
            ("dashboard.partners", "PartnersDashboard"), ("dashboard.pages", "PagesDashboard"),
            ("dashboard.ranges", "RangesDashboard"), ("dashboard.reviews", "ReviewsDashboard"),
            ("dashboard.vouchers", "VouchersDashboard"),
            ("dashboard.communications", "CommunicationsDashboard"),
            ("dashboard.shipping", "ShippingDashboard"),
        )
    ),
    *("widget_tweaks", "haystack", "treebeard", "sorl.thumbnail", "django_tables2"),
    *("rest_framework", "oscarapi"),
]  # fmt: skip
SITE_ID = 1
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "oscarapi.middleware.ApiBasketMiddleWare",
]
AUTHENTICATION_BACKENDS = ["oscar.apps.customer.auth_backends.EmailBackend"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ],
        },
    },
]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
ROOT_URLCONF = "bench.oscar.urls"
STATIC_URL, MEDIA_URL = "/static/", "/media/"
MEDIA_ROOT = os.environ["BENCH_MEDIA"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
OSCAR_DEFAULT_CURRENCY = "AED"
OSCAR_ALLOW_ANON_CHECKOUT = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
USE_TZ = True
LOGGING_CONFIG = None
