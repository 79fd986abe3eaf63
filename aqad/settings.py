"""Settings of AQAD, read from the environment.

Everything is optional in development. `aqad.environment` refuses to start on a value that makes no sense,
and in production on a missing or insecure one. The variables are listed in docs/settings.md.
"""

from datetime import timedelta
from pathlib import Path

import environ

from aqad import celery_conf, production
from aqad.environment.reading import read_environment
from aqad.lib.api.components import COMPONENTS

env = read_environment()

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = env.str("AQAD_ENV", default="development")
PRODUCTION = ENVIRONMENT == "production"
VERSION = env.str("AQAD_VERSION", default="")
COMMIT = env.str("AQAD_COMMIT", default="")
PORT = env.int("AQAD_PORT", default=8000)
DATA_DIR = Path(env.str("AQAD_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PUBLIC_URL = env.str("AQAD_PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
DEMO = env.bool("AQAD_DEMO", default=not PRODUCTION)
FIRST_ADMIN_EMAIL = env.str("AQAD_ADMIN_EMAIL", default="")
FIRST_ADMIN_PASSWORD = env.str("AQAD_ADMIN_PASSWORD", default="")

# Secrets and hosts ---------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="development-only-secret-key-that-production-refuses")
JWT_SIGNING_KEY = env.str("AQAD_JWT_SIGNING_KEY", default=f"{SECRET_KEY}:jwt")
METRICS_TOKEN = env.str("AQAD_METRICS_TOKEN", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
if (public_host := PUBLIC_URL.split("://")[-1].split("/")[0].rsplit(":", 1)[0]) not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(public_host)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "aqad.lib.web.out_of_date.csrf_failure"
TRUSTED_PROXIES = env.list("AQAD_TRUSTED_PROXIES", default=[])
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = ["X-Request-ID", "Idempotent-Replayed", "Retry-After"]

# Apps, in the order of the layers (docs/contributing.md) --------------------------------------

INSTALLED_APPS = [
    "aqad.admin_site.AdminSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "django_htmx",
    "pgtrigger",
    "treebeard",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_prometheus",
    "aqad",
    "audit",
    "notifications",
    "accounts",
    "vendors",
    "retailers",
    "catalog",
    "orders",
    "payments",
    "delivery",
    "storefront",
    "operations",
]

# The order is a promise, written down in docs/middleware.md and held by tests/web/.
MIDDLEWARE = [
    "aqad.lib.web.context.RequestContextMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "aqad.lib.web.content_policy.ContentPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "aqad.lib.web.limits.RateLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aqad.lib.web.compression.PageCompressionMiddleware",
    "aqad.lib.web.errors.ErrorMiddleware",
    "aqad.lib.web.page_layers.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "aqad.lib.web.bodies.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "aqad.lib.web.page_layers.AuthenticationMiddleware",
    "aqad.lib.web.page_layers.MessageMiddleware",
    "aqad.lib.web.page_layers.HtmxMiddleware",
    "aqad.lib.web.measuring.MeasuringMiddleware",
]

ROOT_URLCONF = "aqad.urls"
WSGI_APPLICATION = "aqad.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront.shell.shell",
            ],
        },
    },
]

# Database -------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default="postgres://aqad@127.0.0.1:5432/aqad")}
DATABASES["default"]["ENGINE"] = "aqad.lib.postgres"
DATABASES["default"]["OPTIONS"] = {
    "prepare_threshold": 3,  # of the statements of `preparing_cursor`; the ORM's are never prepared
    **DATABASES["default"].get("OPTIONS", {}),
    "options": "-c lock_timeout=3s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    " -c random_page_cost=1.1",  # as on disks without arms, so that searches go by their index
}
if env.bool("AQAD_DB_KEEP", default=False):  # web processes: each of their few threads keeps its connection
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # else a restarted database leaves dead ones
SLOW_QUERY_MS = env.int("AQAD_SLOW_QUERY_MS", default=200)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: cache, limits, broker ------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/1")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "aqad",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
        },
    },
    "limits": {  # of django-ratelimit, which has no patience of its own with a Redis that is down
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "aqad",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
            "IGNORE_EXCEPTIONS": True,
        },
    },
}
RATELIMIT_USE_CACHE = "limits"
RATELIMIT_FAIL_OPEN = True
SESSION_ENGINE = "accounts.session_store"  # the database: a session must survive a Redis that does not

CELERY_BROKER_URL = celery_conf.BROKER_URL

# Accounts --------------------------------------------------------------------------------------

LOGIN_URL = "/sign-in"
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the e-mail is unique, in any case of its letters, by an index
AUTHENTICATION_BACKENDS = ["accounts.backends.AccessBackend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.password_rules.StolenPasswordValidator"},
    {"NAME": "accounts.password_rules.OwnWordsValidator"},
]
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("AQAD_ACCESS_MINUTES", default=15)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.int("AQAD_REFRESH_DAYS", default=14)),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ISSUER": "aqad",
    "AUDIENCE": "aqad-api",
    "LEEWAY": 0,
}
REFRESH_REPEAT_SECONDS = 60  # how long a refresh with an Idempotency-Key gets the same pair again
STAFF_OTP = env.str("AQAD_STAFF_OTP", default="required" if PRODUCTION else "offered")
OTP_TOTP_ISSUER = "AQAD"
PASSWORD_AGAIN_SECONDS = 600  # how long a password given once more opens what moves money
SESSION_IDLE_SECONDS = env.int("AQAD_SESSION_IDLE_DAYS", default=14) * 24 * 3600
SESSION_MAX_SECONDS = SESSION_COOKIE_AGE = env.int("AQAD_SESSION_MAX_DAYS", default=90) * 24 * 3600
STAFF_SESSION_IDLE_SECONDS = env.int("AQAD_STAFF_IDLE_MINUTES", default=30) * 60
STAFF_SESSION_MAX_SECONDS = env.int("AQAD_STAFF_SESSION_HOURS", default=12) * 3600
VISITOR_SESSION_SECONDS = 24 * 3600  # of files of a refused form, a half-finished sign-in
KNOWN_DEVICE_SECONDS = 365 * 24 * 3600  # since somebody last signed in with the browser
SIGN_IN_SECONDS = 600  # how long a right password waits for the second factor
PASSWORD_RESET_SECONDS = 3600
INVITATION_SECONDS = 7 * 24 * 3600
APPLICATION_LINK_SECONDS = 30 * 24 * 3600
EMAIL_CHANGE_SECONDS = 3600
EMAIL_VERIFICATION_SECONDS = 7 * 24 * 3600
IDEMPOTENCY_HOURS = 24

# API -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["aqad.lib.api.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["aqad.lib.api.json.Renderer"],
    "DEFAULT_PARSER_CLASSES": ["aqad.lib.api.json.Parser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "aqad.lib.api.json.Negotiation",
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "aqad.lib.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "aqad.lib.api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AQAD API",
    "DESCRIPTION": "Wholesale marketplace for the United Arab Emirates.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_AUTHENTICATION": [],
    "APPEND_COMPONENTS": COMPONENTS,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "EmirateEnum": "aqad.lib.uae.EMIRATES",
        "VendorStatusEnum": "vendors.models.Vendor.Status",
        "RetailerStatusEnum": "retailers.models.Retailer.Status",
        "ProductStatusEnum": "catalog.models.Product.Status",
        "CheckoutStatusEnum": "orders.models.Checkout.Status",
        "OrderStatusEnum": "orders.models.Order.Status",
        "PaymentStatusEnum": "payments.models.Payment.Status",
        "RefundStatusEnum": "payments.models.Refund.Status",
        "ImportStatusEnum": "catalog.models.ProductImport.Status",
        "DeliveryStatusEnum": "delivery.models.Delivery.Status",
        "DeliveryStepEnum": "delivery.reports.STEPS",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # of a request body without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 12
IMPORT_MAX_BYTES = env.int("AQAD_IMPORT_MAX_MIB", default=20) * 1024 * 1024  # of a sheet of products
IMPORT_MAX_ROWS = env.int("AQAD_IMPORT_MAX_ROWS", default=50_000)
IMPORT_KEEP_DAYS = env.int("AQAD_IMPORT_KEEP_DAYS", default=30)
# How long personal data is kept, in days: docs/retention.md says of each why.
KEEP_MESSAGES_DAYS = env.int("AQAD_KEEP_MESSAGES_DAYS", default=365)
KEEP_WEBHOOKS_DAYS = env.int("AQAD_KEEP_WEBHOOKS_DAYS", default=90)
KEEP_POSITIONS_DAYS = env.int("AQAD_KEEP_POSITIONS_DAYS", default=90)
KEEP_PROOFS_DAYS = env.int("AQAD_KEEP_PROOFS_DAYS", default=365)
KEEP_APPLICATIONS_DAYS = env.int("AQAD_KEEP_APPLICATIONS_DAYS", default=180)
KEEP_PAPERS_DAYS = env.int("AQAD_KEEP_PAPERS_DAYS", default=1826)
LIMITED_WAIT_SECONDS = env.int("AQAD_CHECK_WAIT_SECONDS", default=10)  # for a turn to have a file checked
PICTURES_AT_ONCE = env.int("AQAD_PICTURES_AT_ONCE", default=2)  # decoded on this machine
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Rate limits: `<count>/<s|m|h|d>` ---------------------------------------------------------------

RATE_LIMITS = {
    "register": env.str("AQAD_RATE_REGISTER", default="5/m"),
    "login": env.str("AQAD_RATE_LOGIN", default="10/m"),
    "login_email": env.str("AQAD_RATE_LOGIN_EMAIL", default="5/m"),
    "login_known": env.str("AQAD_RATE_LOGIN_KNOWN", default="5/m"),
    "password": env.str("AQAD_RATE_PASSWORD", default="5/m"),
    "code": env.str("AQAD_RATE_CODE", default="5/m"),
    "email_change": env.str("AQAD_RATE_EMAIL_CHANGE", default="5/h"),
    "reset": env.str("AQAD_RATE_RESET", default="5/h"),
    "order": env.str("AQAD_RATE_ORDER", default="60/m"),
    "default": env.str("AQAD_RATE_DEFAULT", default="600/m"),
}

# The marketplace ---------------------------------------------------------------------------------

CURRENCY = "AED"
HOLD_SECONDS = env.int("AQAD_HOLD_SECONDS", default=1800)
SWEEP_SECONDS = celery_conf.SWEEP_SECONDS
TASK_QUEUES = celery_conf.QUEUES
ORDER_ANSWER_HOURS = env.int("AQAD_ORDER_ANSWER_HOURS", default=48)
PAYMENT_RETRY_HOURS = env.int("AQAD_PAYMENT_RETRY_HOURS", default=24)
MAX_OPEN_CARD_HOLDS = env.int("AQAD_MAX_OPEN_CARD_HOLDS", default=10)
MAX_OPEN_CARD_VALUE = env.int("AQAD_MAX_OPEN_CARD_VALUE", default=500_000)  # AED, per retailer
MAX_OPEN_CASH_VALUE = env.int("AQAD_MAX_OPEN_CASH_VALUE", default=100_000)  # AED, per retailer
# Until a retailer's e-mail address is verified and something was paid:
NEW_BUYER_MAX_VALUE = env.int("AQAD_NEW_BUYER_MAX_VALUE", default=50_000)  # AED, unpaid
NEW_BUYER_MAX_SHARE = env.int("AQAD_NEW_BUYER_MAX_SHARE", default=50)  # per cent of a product's stock, unpaid
NEW_BUYER_FREE_VALUE = env.int("AQAD_NEW_BUYER_FREE_VALUE", default=25_000)  # AED of a product, in any share
PUBLIC_PAGE_SECONDS = 60  # how long a product page may live in the cache

PAYMENT_GATEWAYS = {"sandbox": "payments.gateways.sandbox_client.SandboxGateway"}
GATEWAY = env.str("AQAD_GATEWAY", default="" if PRODUCTION else "sandbox")
GATEWAY_PORT = env.int("AQAD_GATEWAY_PORT", default=PORT + 1)
SANDBOX_URL = env.str("AQAD_SANDBOX_URL", default=f"http://127.0.0.1:{GATEWAY_PORT}")
SANDBOX_API_KEY = env.str("AQAD_SANDBOX_API_KEY", default="sandbox-key")
SANDBOX_WEBHOOK_SECRET = env.str("AQAD_SANDBOX_WEBHOOK_SECRET", default="sandbox-webhook-secret")
WEBHOOK_TOLERANCE_SECONDS = 300
WEBHOOK_MAX_BYTES = 64 * 1024

# Files -------------------------------------------------------------------------------------------

STORAGES = {
    "staticfiles": {
        # Compressing takes half a minute, too long for every `make run`.
        "BACKEND": "aqad.lib.files.static_files.CompressedStaticFiles"
        if env.bool("AQAD_COMPRESS_STATIC", default=PRODUCTION)
        else "aqad.lib.files.static_files.StaticFiles"
    },
    **production.file_storages(env, DATA_DIR, PUBLIC_URL),
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
SIGNED_LINK_SECONDS = 300
CLAMD_URL = env.str("AQAD_CLAMD", default="")  # tcp://host:3310 or unix:///path; unset: no virus scan

# E-mail ------------------------------------------------------------------------------------------

if email_url := env.str("EMAIL_URL", default=""):
    vars().update(environ.Env.email_url_config(email_url))
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "aqad.lib.mail_folder.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("AQAD_MAIL_FROM", default="AQAD <no-reply@aqad.example>")

# Language and time ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["aqad.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Dubai"

# Security headers ------------------------------------------------------------------------------------

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
# With it a browser takes a cookie over https from this very host alone, for all its paths.
COOKIE_PREFIX = "__Host-" if SESSION_COOKIE_SECURE else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
CART_COOKIE_NAME = f"{COOKIE_PREFIX}cart"
MESSAGE_STORAGE = "aqad.lib.web.flash_storage.FlashStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *production.media_origins(env)],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *([SANDBOX_URL] if GATEWAY == "sandbox" else [])],
        "frame-ancestors": ["'none'"],
    },
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# Logs --------------------------------------------------------------------------------------------------

LOGGING_CONFIG = "aqad.lib.logs.configure"
LOGGING = {"json": PRODUCTION or env.bool("AQAD_LOG_JSON", default=False)}

# Operations console: from when on it calls something wrong ---------------------------------------------

DOCTOR = {
    "answer_ms": env.int("AQAD_SLOW_ANSWER_MS", default=500),  # p95 of an endpoint of the API
    "statement_ms": 500,
    "blocked_seconds": 2,  # waiting for a lock
    "transaction_seconds": 30,
    "connections_percent": 80,
    "cache_hit_percent": 50,
    "backlog_seconds": 300,
    "recent_minutes": 15,  # how long errors and slow statements count as news
    "clock_seconds": 5,
}
